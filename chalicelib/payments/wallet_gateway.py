"""Saved methods at Stripe, in the words and with the failures of `gateway.py`.

A customer stands for a person and knows nothing of them but our id: no name, e-mail or phone. Cards
and wallets are set up by the client with Stripe; of them we see what is printed on a receipt.
https://docs.stripe.com/payments/save-and-reuse
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.core.settings import settings
from chalicelib.payments import gateway
from chalicelib.payments.gateway import DeclinedError, Intent, key, services, told
from chalicelib.payments.methods import MethodName

KIND = "payment_method"
EXPAND = ["mandate", "payment_method"]
FOR_LATER = {"setup_future_usage": "off_session"}


@dataclass(frozen=True, slots=True)
class Instrument:
    """A PaymentMethod: what of it may be shown, and whose it is. A wallet has no digits."""

    id: str
    customer: str | None
    method: str
    brand: str | None
    last4: str | None
    exp_month: int | None
    exp_year: int | None


@dataclass(frozen=True, slots=True)
class Setup:
    """A SetupIntent, as far as we rely on it."""

    id: str
    status: str
    client_secret: str
    env: str
    person: str
    method_id: str
    instrument: Instrument | None
    mandate_id: str | None
    accepted_at: int | None
    decline_code: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a person has saved, to be charged."""

    customer: str
    instrument: str
    method: MethodName


class AbsentError(DeclinedError):
    """A saved method was declined with nobody there.

    `code` is Stripe's (`authentication_required` among them), `decline_code` the bank's where it
    told one. The intent `intent_id` stays open: its person may come back and pay it.
    """

    def __init__(self, code: str, decline_code: str, intent_id: str) -> None:
        super().__init__(code)
        self.decline_code = decline_code
        self.intent_id = intent_id


def create_customer(person: str, attempt: int) -> str:
    """The customer of a person. Safe to repeat for 24 hours: two at once make one."""
    metadata = {"env": settings().tables, "person": person}
    options = {"idempotency_key": key(person, "wallet", "customer", attempt)}
    with told():
        made = services().customers.create({"metadata": metadata}, options)
    return str(made.id)


def find_customer(person: str, since: int) -> str | None:
    """The customer of a person whose creation was cut off; None if there never was one."""
    ours = {"env": settings().tables, "person": person}
    with told():
        made = services().customers.list({"created": {"gte": since}, "limit": 100})
        for one in made.auto_paging_iter():
            if (one.to_dict().get("metadata") or {}).items() >= ours.items():
                return str(one.id)
    return None


def delete_customer(customer: str) -> None:
    """Remove a customer for good, with what is saved. RefusedError where there is none any more."""
    with told():
        services().customers.delete(customer)


def create_setup(
    person: str, method_id: str, customer: str, method: MethodName, attempt: int
) -> Setup:
    """What the client sets a method up by. Safe to repeat for 24 hours."""
    wanted = {
        "customer": customer,
        "allowed_payment_method_types": [method],
        "usage": "off_session",
        "metadata": _metadata(person, method_id),
        "expand": EXPAND,
    }
    options = {"idempotency_key": key(person, method_id, "setup", attempt)}
    with told():
        return _setup(services().setup_intents.create(wanted, options).to_dict())


def retrieve_setup(setup_id: str) -> Setup:
    """The setup as Stripe has it now."""
    with told():
        return _setup(services().setup_intents.retrieve(setup_id, {"expand": EXPAND}).to_dict())


def find_setup(customer: str, method_id: str, since: int) -> Setup | None:
    """The setup of a method whose creation was cut off; None if it never was made."""
    wanted = {"customer": customer, "created": {"gte": since}, "limit": 100}
    with told():
        for one in services().setup_intents.list(wanted).auto_paging_iter():
            if (one.to_dict().get("metadata") or {}).get("method") == method_id:
                return _setup(one.to_dict())
    return None


def cancel_setup(setup_id: str) -> None:
    """Let nobody save anything by it any more. RefusedError where something was saved already."""
    with told():
        services().setup_intents.cancel(setup_id)  # the second time changes nothing: no key


def retrieve_instrument(instrument_id: str) -> Instrument:
    """The method as Stripe has it now."""
    with told():
        return _instrument(services().payment_methods.retrieve(instrument_id).to_dict())


def detach(instrument_id: str) -> None:
    """Take a method from its customer for good. RefusedError where that has happened already."""
    with told():
        services().payment_methods.detach(instrument_id)


def charge_off_session(
    *, kind: str, subject: str, leg: str, saved: Saved, amount: int, currency: str, attempt: int
) -> Intent:
    """Hold an amount by what somebody has saved, who is not there. Safe to repeat for 24 hours.

    Raises AbsentError, after which `attempt` moves, and any other gateway.GatewayError.
    """
    more: dict[str, str | bool] = {
        "customer": saved.customer,
        "payment_method": saved.instrument,
        "confirm": True,
        "off_session": True,
    }
    try:
        return gateway.create(
            kind=kind,
            subject=subject,
            leg=leg,
            method=saved.method,
            amount=amount,
            currency=currency,
            attempt=attempt,
            more=more,
        )
    except DeclinedError as declined:
        body = getattr(declined.__cause__, "json_body", None) or {}
        error = body.get("error") or {}
        intent_id = (error.get("payment_intent") or {}).get("id", "")
        reason = error.get("decline_code") or declined.code
        raise AbsentError(declined.code, reason, intent_id) from declined


def _metadata(person: str, method_id: str) -> dict[str, str]:
    return {"env": settings().tables, "kind": KIND, "person": person, "method": method_id}


def _setup(made: dict[str, Any]) -> Setup:
    metadata = made.get("metadata") or {}
    failed = made.get("last_setup_error") or {}
    instrument, mandate = made.get("payment_method"), made.get("mandate")
    accepted = mandate.get("customer_acceptance") if isinstance(mandate, dict) else None
    return Setup(
        id=made["id"],
        status=made["status"],
        client_secret=made.get("client_secret") or "",
        env=metadata.get("env", ""),
        person=metadata.get("person", ""),
        method_id=metadata.get("method", ""),
        instrument=_instrument(instrument) if isinstance(instrument, dict) else None,
        mandate_id=mandate.get("id") if isinstance(mandate, dict) else mandate,
        accepted_at=(accepted or {}).get("accepted_at"),
        decline_code=failed.get("decline_code") or failed.get("code"),
    )


def _instrument(made: dict[str, Any]) -> Instrument:
    card = made.get("card") or {}
    return Instrument(
        id=made["id"],
        customer=made.get("customer"),
        method=made["type"],
        brand=card.get("brand"),
        last4=card.get("last4"),
        exp_month=card.get("exp_month"),
        exp_year=card.get("exp_year"),
    )
