"""Requests and views of payments."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.catalog.menu_schemas import Age
from chalicelib.core import ids, money
from chalicelib.core.money import LARGEST, Currency, Money, Price
from chalicelib.core.schemas import Moment, Reason, Wire
from chalicelib.orders.schemas import SAMPLE, OrderId, QuoteId
from chalicelib.orders.status import OrderStatus
from chalicelib.payments.methods import Confirmed, MethodName, StripeMethod
from chalicelib.payments.status import LegStatus
from chalicelib.payments.wallet_schemas import MethodId

LegId = Annotated[str, Field(pattern=ids.pattern("leg"), examples=[f"leg_{SAMPLE}"])]
BalanceId = Annotated[str, Field(pattern=ids.pattern("bal"), examples=[f"bal_{SAMPLE}"])]
Channel = Literal["app", "web", "messenger", "scan", "device", "phone", "partner"]


class PaymentRequest(Wire):
    """One payment. Without an amount it takes what the others leave.

    `method_id` names a saved method to pay with. `save`: the payer has agreed that what this is
    paid with is kept, and charged for what they order while they are away.
    """

    method: Annotated[MethodName, Field(examples=["card"])] = "card"
    amount: Price | None = None
    balance_id: BalanceId | None = None
    method_id: MethodId | None = None
    save: bool = False


class OrderRequest(Wire):
    """Order what a quote priced, and say how it will be paid."""

    quote_id: QuoteId
    payments: Annotated[
        tuple[PaymentRequest, ...], Field(max_length=5, examples=[[{"method": "card"}]])
    ] = (PaymentRequest(),)
    channel: Annotated[Channel, Field(examples=["app"])] = "app"
    age_told: Annotated[
        Age | None,
        Field(
            description=(
                "The quote's `minimum_age`, where it has one: that the customer was told to be of "
                "that age, and that it is proven when the order is handed over."
            ),
            examples=[None],
        ),
    ] = None


def _known(currency: str) -> str:
    money.exponent(currency)
    return currency


class OptionsQuery(Wire):
    """The currency of what is to be paid, as a store's view names it."""

    currency: Annotated[Currency, AfterValidator(_known)]


class PaymentOption(Wire):
    """One way to pay. An amount lies within the bounds and is a multiple of `step` minor units."""

    method: MethodName
    confirmed: Confirmed
    minimum: Money
    maximum: Money
    step: int
    may_be_saved: bool


class PaymentOptions(Wire):
    """By what something in this currency can be paid. A payment of several has bounds for each."""

    currency: Currency
    options: list[PaymentOption]


class OpenedPayment(Wire):
    """A payment that the client now confirms with Stripe, by its client secret.

    `intent` says what is confirmed: a PaymentIntent, or of an order for later a SetupIntent, whose
    means is charged a day before. Stored value and cash need no confirming, and are not here.
    `method_id` is the saved method that it is confirmed with. It is null, too, where one was named
    that Stripe takes no longer: the payer chooses another means while confirming.
    """

    id: LegId
    method: MethodName
    method_id: MethodId | None = None
    amount: Money
    intent_id: Annotated[str, Field(examples=["pi_3Nabc"])]
    client_secret: Annotated[str, Field(examples=["pi_3Nabc_secret_xyz"])]
    intent: Annotated[Literal["payment", "setup"], Field(examples=["payment"])] = "payment"


class PlacedOrder(Wire):
    """What placing an order answered: the same for every repetition of the request.

    How the order stands by now is to be read from the order.
    """

    order_id: OrderId
    status: OrderStatus
    total: Money
    pay_by: Moment | None
    payments: list[OpenedPayment]


class LegView(Wire):
    """How one payment of an order stands. A secret only while the customer has to act.

    `intent` says what the secret confirms. What is for later is charged at `charge_at`; if that
    fails there is a secret again, by which its customer confirms or pays with another means.
    """

    id: LegId
    method: MethodName
    status: LegStatus
    amount: Money
    captured: Money
    refunded: Money
    decline_code: str | None = None
    charge_at: Moment | None = None
    intent: Literal["payment", "setup"] | None = None
    client_secret: str | None = None


class PaymentView(Wire):
    """What an order owes, what is held, what was taken."""

    order_id: OrderId
    due: Money
    authorized: Money
    captured: Money
    payments: list[LegView]


class Received(Wire):
    """The event is kept. What follows from it happens later."""

    received: bool = True


class EntryView(Wire):
    """One entry of the ledger: debit above zero, credit below."""

    transaction: Annotated[str, Field(examples=["sale"])]
    account: Annotated[str, Field(examples=["stripe:clearing"])]
    money: Money
    why: str
    posted_at: Moment


class LedgerView(Wire):
    """What was posted for an order. The balance is zero, or something is very wrong."""

    entries: list[EntryView]
    balance: int


class TipRequest(Wire):
    """A tip for whoever brought the order: all of it is theirs."""

    amount: Annotated[int, Field(ge=1, le=LARGEST, strict=True, examples=[2000])]
    method: Annotated[StripeMethod, Field(examples=["card"])] = "card"


class BalanceView(Wire):
    """A voucher, a gift or a wallet: stored value to pay with."""

    id: BalanceId
    kind: Literal["voucher", "gift", "wallet"]
    amount: Money
    most: Money
    usable_from: Moment
    usable_until: Moment | None = None


class MoveView(Wire):
    """One movement of a balance: what came in is above zero."""

    amount: Money
    why: str
    at: Moment


class BalanceDetail(BalanceView):
    """A balance with everything that moved it, the oldest first."""

    moves: list[MoveView]


class BalanceList(Wire):
    """Everything that a person may pay with."""

    items: list[BalanceView]


class BalanceRequest(Wire):
    """Give a person stored value, at the platform's expense."""

    owner: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", examples=["usr-mina"])]
    kind: Literal["voucher", "gift", "wallet"] = "wallet"
    amount: Annotated[int, Field(ge=1, le=LARGEST, strict=True, examples=[5000])]
    currency: Currency
    usable_until: Moment | None = None
    reason: Reason
