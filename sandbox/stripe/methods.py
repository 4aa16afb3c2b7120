"""Payment methods: what each kind can do, and the PaymentMethod resource.

https://docs.stripe.com/api/payment_methods. A card's number is turned into what the card does the
moment it arrives; the number itself is kept nowhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.stripe.account import Account
from sandbox.stripe.cards import BY_NUMBER, BY_TOKEN, CARDS, DECLINES, Card, passes_luhn
from sandbox.stripe.errors import CARD, StripeError, not_possible, refused
from sandbox.stripe.lists import page
from sandbox.stripe.params import Params, merged_metadata
from sandbox.stripe.store import Json

LAST_MONTH = 12


@dataclass(frozen=True)
class Kind:
    """What a payment method type can do in this account."""

    redirects: bool
    manual_capture: bool
    currencies: frozenset[str] | None = None
    saved: bool = True


_KRW = frozenset({"krw"})
# https://docs.stripe.com/payments/countries/korea and the page of each method.
KINDS = {
    "card": Kind(redirects=False, manual_capture=True),
    "kr_card": Kind(redirects=True, manual_capture=True, currencies=_KRW),
    "naver_pay": Kind(redirects=True, manual_capture=True, currencies=_KRW),
    "kakao_pay": Kind(redirects=True, manual_capture=True, currencies=_KRW),
    "samsung_pay": Kind(redirects=True, manual_capture=False, currencies=_KRW, saved=False),
    "payco": Kind(redirects=True, manual_capture=False, currencies=_KRW, saved=False),
}


def create(account: Account, params: Params) -> Json:
    return make(account, params)


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    return account.named("payment_method", ident)


def list_all(account: Account, params: Params) -> Json:
    wanted = [
        method
        for method in account.store.all("payment_method")
        if params.get("customer") in {None, method["customer"]}
        and params.get("type") in {None, method["type"]}
    ]
    return page(wanted, params, "/v1/payment_methods")


def list_of_customer(account: Account, ident: str, params: Params) -> Json:
    account.named("customer", ident)
    return list_all(account, {**params, "customer": ident})


def attach(account: Account, ident: str, params: Params) -> Json:
    """Attach to a customer. A card that would be declined is refused here already."""
    customer = account.named("customer", params["customer"], "customer")
    method = resolve(account, ident)
    card = card_of(account, method)
    if card and card.declines and not card.attaches:
        raise declined(card.declines)
    if method["customer"] not in {None, customer["id"]}:
        raise not_possible("The payment method is already attached to another customer.")
    check_unspent(account, method)
    join(account, method, customer["id"])
    return method


def join(account: Account, method: Json, customer: str) -> None:
    """From now on the method is this customer's. An event, if it was not before."""
    news = method["customer"] != customer
    method["customer"] = customer
    account.save(method)
    if news:
        account.emit("payment_method.attached", method)


def check_unspent(account: Account, method: Json) -> None:
    """https://docs.stripe.com/api/payment_methods/detach: "can no longer be used for a payment"."""
    if account.find("traits", method["id"])["spent"]:
        message = (
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
            "attachment, or was detached from a Customer, and may not be used again."
        )
        raise refused(message, param="payment_method")


def check_owner(method: Json, customer: str | None, whose: str) -> None:
    if method["customer"] not in {None, customer}:
        message = f"The provided PaymentMethod belongs to another Customer than the {whose}."
        raise refused(message, param="payment_method")


def update(account: Account, ident: str, params: Params) -> Json:
    """https://docs.stripe.com/api/payment_methods/update: only one that is attached."""
    method = account.named("payment_method", ident)
    if method["customer"] is None:
        raise not_possible("The payment method must be attached to a customer to be updated.")
    method |= {name: params[name] for name in ("allow_redisplay",) if name in params}
    method["billing_details"] = {**method["billing_details"], **params.get("billing_details", {})}
    method["metadata"] = merged_metadata(method["metadata"], params.get("metadata"))
    account.emit("payment_method.updated", account.save(method))
    return method


def detach(account: Account, ident: str, _params: Params) -> Json:
    method = account.named("payment_method", ident)
    if method["customer"] is None:
        raise not_possible("The payment method you provided is not attached to a customer.")
    method["customer"] = None
    traits = account.find("traits", method["id"])
    account.store.put("traits", method["id"], {**traits, "spent": True})
    account.emit("payment_method.detached", account.save(method))
    return method


def resolve(account: Account, ident: str) -> Json:
    """The method of this id; a test token such as `pm_card_visa` makes a new one each time."""
    card = BY_TOKEN.get(ident)
    if card is not None:
        return _card_method(account, card, 12, _year(account) + 1, {})
    return account.named("payment_method", ident, "payment_method")


def make(account: Account, data: Params) -> Json:
    """A method from `payment_method_data`: a wallet's name, or a card's test number."""
    billing = data.get("billing_details") or {}
    if data["type"] != "card":
        return _method(account, data["type"], {data["type"]: {}}, {}, billing)
    fields = data.get("card") or {}
    number = "".join(fields.get("number", "").split()).replace("-", "")
    month, year = fields.get("exp_month", 12), fields.get("exp_year", _year(account) + 1)
    if not number.isdigit() or not passes_luhn(number):
        raise _bad_card("incorrect_number", "Your card number is incorrect.", "number")
    if not 1 <= month <= LAST_MONTH:
        raise _bad_card("invalid_expiry_month", "Your card's expiration month is invalid.", "month")
    if year < _year(account):
        raise _bad_card("invalid_expiry_year", "Your card's expiration year is invalid.", "year")
    if number not in BY_NUMBER:
        raise StripeError(
            402,
            CARD,
            "Your card was declined. Your request was in test mode, but used a non test card.",
            code="card_declined",
            details={"decline_code": "test_mode_live_card"},
        )
    return _card_method(account, BY_NUMBER[number], month, year, billing)


def card_of(account: Account, method: Json) -> Card | None:
    """The test card behind a method; None for a wallet."""
    name = account.find("traits", method["id"])["card"]
    return next((card for card in CARDS if card.name == name), None)


def declined(decline_code: str) -> StripeError:
    code, message = DECLINES[decline_code]
    return StripeError(402, CARD, message, code=code, details={"decline_code": decline_code})


def is_expired(account: Account, method: Json) -> bool:
    """Whether the month on the card is over."""
    today = datetime.fromtimestamp(account.time(), UTC)
    card = method["card"]
    return (card["exp_year"], card["exp_month"]) < (today.year, today.month)


def takes(name: str, coin: str) -> bool:
    currencies = KINDS[name].currencies
    return currencies is None or coin in currencies


def _bad_card(code: str, message: str, param: str) -> StripeError:
    return StripeError(402, CARD, message, code=code, param=param, saved=False)


def _card_method(account: Account, card: Card, month: int, year: int, billing: Params) -> Json:
    details = {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": hashlib.sha256(card.name.encode()).hexdigest()[:16],
        "funding": "credit",
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return _method(account, "card", {"card": details}, {"card": card.name}, billing)


def _method(account: Account, kind: str, details: Json, traits: Json, billing: Params) -> Json:
    method = {
        "id": account.new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, **billing},
        "created": account.now(),
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
        **details,
    }
    hidden = {"card": None, "saved": False, "spent": False, **traits}
    account.store.put("traits", method["id"], hidden)
    return account.save(method)


def _year(account: Account) -> int:
    return datetime.fromtimestamp(account.time(), UTC).year
