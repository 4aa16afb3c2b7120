"""How payments are shown."""

from chalicelib.core.money import Money
from chalicelib.core.rights import Caller
from chalicelib.orders import reading as orders
from chalicelib.payments import deferral, following, gateway, ledger, rights, setup_gateway
from chalicelib.payments import payment as payments
from chalicelib.payments.errors import ProviderUnavailableError
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.schemas import EntryView, LedgerView, LegView, PaymentView


def read(order_id: str, caller: Caller) -> PaymentView:
    """The payments of an order, with secrets for its own customer while there is to be paid.

    Raises NotFoundError (404), ForbiddenError (403), ProviderUnavailableError (503).
    """
    order = orders.demand(order_id, caller, rights.PAYMENT_READ)
    payment = payments.demand_all(Subject("order", order_id))
    return view(payment, secrets=order.customer_id == caller.id and not order.ended)


def confirm(order_id: str, caller: Caller) -> PaymentView:
    """What Stripe says by now, noted and shown. Raises ProviderUnavailableError (503)."""
    order = orders.demand(order_id, caller, rights.PAYMENT_CONFIRM)
    try:
        payment = following.confirm(Subject("order", order_id))
    except gateway.GatewayError as error:
        raise ProviderUnavailableError(retry_after=1) from error
    return view(payment, secrets=not order.ended)


def view(payment: Payment, *, secrets: bool) -> PaymentView:
    def money(amount: int) -> Money:
        return Money(amount=amount, currency=payment.currency)

    return PaymentView(
        order_id=payment.subject.id,
        due=money(payment.due),
        authorized=money(payment.authorized),
        captured=money(payment.captured),
        payments=[
            LegView(
                id=leg.id,
                method=leg.method,
                status=leg.status,
                amount=money(leg.amount),
                captured=money(leg.captured),
                refunded=money(leg.refunded),
                decline_code=leg.decline_code,
                charge_at=leg.charge_at,
                **(_secret(leg) if secrets else {}),
            )
            for leg in payment.legs
        ],
    )


def _secret(leg: Leg) -> dict[str, str]:
    """What its customer has to confirm of a payment, if anything."""
    try:
        if leg.is_open and leg.intent_id:
            secret = gateway.retrieve(leg.intent_id).client_secret
            return {"intent": "payment", "client_secret": secret}
        if leg.is_open and leg.setup_id and leg.stage == deferral.OPEN:
            secret = setup_gateway.retrieve(leg.setup_id).client_secret
            return {"intent": "setup", "client_secret": secret}
    except gateway.GatewayError as error:
        raise ProviderUnavailableError(retry_after=1) from error
    return {}


def books(order_id: str, caller: Caller) -> LedgerView:
    """Every entry of the ledger for an order. They sum to zero."""
    orders.demand(order_id, caller, rights.LEDGER_READ)
    posted = ledger.entries(Subject("order", order_id))
    return LedgerView(
        entries=[
            EntryView(
                transaction=entry.transaction,
                account=entry.account,
                money=Money(amount=int(entry.amount), currency=entry.currency),
                why=entry.why,
                posted_at=entry.posted_at,
            )
            for entry in posted
        ],
        balance=sum(int(entry.amount) for entry in posted),
    )
