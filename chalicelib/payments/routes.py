"""HTTP of payments: placing an order, confirming its payment, Stripe's events."""

from chalicelib.catalog.errors import KitchenFullError, SoldOutError
from chalicelib.core.devices import Device
from chalicelib.core.errors import (
    BadRequestError,
    BusyError,
    ConflictError,
    KeyInFlightError,
    KeyReusedError,
    NotFoundError,
)
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer, Incoming
from chalicelib.core.web import Api
from chalicelib.orders.errors import (
    AgeNotToldError,
    CashLimitError,
    DeviceCashLimitError,
    DeviceFailedLimitError,
    DeviceRefusedLimitError,
    DeviceWaitingLimitError,
    DishesGoneError,
    FailedLimitError,
    OrdersStoppedError,
    PromotionGoneError,
    QuoteExpiredError,
    QuoteUnknownError,
    QuoteUsedError,
    RefusedLimitError,
    UnknownDeviceLimitError,
    WaitingLimitError,
)
from chalicelib.payments import checkout, inbox, options, reconciling, rights, tipping, views
from chalicelib.payments.errors import (
    BalanceUnusableError,
    ForgedEventError,
    PaymentsBusyError,
    PaymentsImpossibleError,
    ProviderUnavailableError,
    TipImpossibleError,
)
from chalicelib.payments.reconciliation_schemas import ReconciliationView
from chalicelib.payments.schemas import (
    LedgerView,
    OpenedPayment,
    OptionsQuery,
    OrderRequest,
    PaymentOptions,
    PaymentView,
    PlacedOrder,
    Received,
    TipRequest,
)
from chalicelib.people.errors import GuestLimitError, GuestOverError

api = Api(__name__)

ORDERS = Limit("orders", calls=120, seconds=60)
CONFIRMS = Limit("payment-confirms", calls=60, seconds=60)
LARGEST_EVENT = 512 * 1024
KEY_ERRORS = (KeyReusedError, KeyInFlightError)
QUOTE_ERRORS = (
    QuoteUnknownError, QuoteExpiredError, QuoteUsedError, OrdersStoppedError, SoldOutError,
    KitchenFullError, DishesGoneError, AgeNotToldError, PromotionGoneError,
    WaitingLimitError, CashLimitError, RefusedLimitError, FailedLimitError,
    UnknownDeviceLimitError, DeviceWaitingLimitError, DeviceCashLimitError,
    DeviceRefusedLimitError, DeviceFailedLimitError,
)  # fmt: skip


@api.post(
    "/v1/orders", rights.ORDER_CREATE, status=201, limit=ORDERS, largest=16_384,
    errors=(
        *KEY_ERRORS, *QUOTE_ERRORS, BusyError, PaymentsBusyError, PaymentsImpossibleError,
        BalanceUnusableError, GuestOverError, GuestLimitError,
        ProviderUnavailableError,
    ),
)  # fmt: skip
def create_order(
    caller: Caller, key: Key, device: Device, body: OrderRequest
) -> Answer[PlacedOrder]:
    """Order what a quote priced.

    Needs an Idempotency-Key: however often the request arrives, there is one order, one
    PaymentIntent for each payment, and one answer. The client then confirms each payment with
    Stripe by its client secret; the store sees the order once the whole amount is held.
    """
    placed, repeated = checkout.place(caller, key, body, device)
    return Answer(placed, headers={"Idempotent-Replayed": "true"} if repeated else {})


@api.get("/v1/payment-options", rights.PAYMENT_OPTIONS)
def list_payment_options(query: OptionsQuery) -> PaymentOptions:
    """List by what something in a currency can be paid, with the least and the most of each."""
    return options.of_currency(query.currency)


@api.get(
    "/v1/orders/{order_id}/payments", rights.PAYMENT_READ,
    errors=(NotFoundError, ProviderUnavailableError),
)  # fmt: skip
def read_payments(caller: Caller, order_id: str) -> PaymentView:
    """Read what an order owes, what is held, and what was taken."""
    return views.read(order_id, caller)


@api.post(
    "/v1/orders/{order_id}/payments/confirm", rights.PAYMENT_CONFIRM, limit=CONFIRMS,
    errors=(NotFoundError, BusyError, ProviderUnavailableError),
)  # fmt: skip
def confirm_payments(caller: Caller, order_id: str) -> PaymentView:
    """Say that the customer has paid: we ask Stripe, and show the order to the store if so.

    Stripe's webhook does the same by itself; this saves the wait for it.
    """
    return views.confirm(order_id, caller)


@api.post(
    "/v1/orders/{order_id}/tips", rights.TIP_CREATE, status=201, limit=ORDERS,
    errors=(
        *KEY_ERRORS, NotFoundError, BusyError, ConflictError, TipImpossibleError,
        PaymentsImpossibleError, ProviderUnavailableError,
    ),
)  # fmt: skip
def create_tip(caller: Caller, key: Key, body: TipRequest, order_id: str) -> Answer[OpenedPayment]:
    """Give a tip to whoever brought the order, within a day of the delivery.

    Needs an Idempotency-Key. The client then confirms it with Stripe by its client secret.
    """
    opened, repeated = tipping.tip(order_id, caller, key, body)
    return Answer(opened, headers={"Idempotent-Replayed": "true"} if repeated else {})


@api.get("/v1/orders/{order_id}/ledger", rights.LEDGER_READ, errors=(NotFoundError,))
def read_ledger(caller: Caller, order_id: str) -> LedgerView:
    """Read every entry of the ledger for an order."""
    return views.books(order_id, caller)


@api.get("/v1/reconciliations/{day}", rights.RECONCILIATION_READ, errors=(NotFoundError,))
def read_reconciliation(day: str) -> ReconciliationView:
    """Read how a day (UTC, such as 2026-11-21) compared with Stripe, and every difference."""
    return reconciling.view(day)


@api.post(
    "/v1/stripe/events", rights.STRIPE_EVENT, raw=True, largest=LARGEST_EVENT,
    errors=(ForgedEventError, BadRequestError),
)  # fmt: skip
def receive_stripe_event(incoming: Incoming) -> Received:
    """Take an event of Stripe's, signed by Stripe. Twice is once; late or forged is refused."""
    inbox.receive(incoming.body, incoming.headers.get("stripe-signature", ""))
    return Received()
