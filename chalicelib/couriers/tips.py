"""A tip that a customer gave later: posted whole to the courier who brought the order, once."""

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.couriers import earning, opening
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.payments import ledger
from chalicelib.payments import payment as payments
from chalicelib.payments.ledger import Entry
from chalicelib.payments.payment import Leg, Subject
from chalicelib.payments.status import TAKEN


def post(order_id: str) -> None:
    """Post every tip of an order that was taken and not posted yet. Safe to repeat and to race.

    Raises BusyError (409) where somebody posts one at this moment: it is posted by then.
    """
    payment = payments.find(Subject("order", order_id))
    delivery = opening.present(order_id)
    if payment is None or delivery is None or delivery.courier_id is None:
        return
    taken = [leg for leg in payment.legs if leg.is_tip and leg.status in TAKEN]
    known = {entry.transaction for entry in ledger.entries(_subject(delivery))} if taken else ()
    for leg in taken:
        if _named(leg) not in known:
            _post(delivery, leg)


def _subject(delivery: DeliveryHead) -> Subject:
    return Subject("delivery", delivery.id)


def _named(leg: Leg) -> str:
    return f"{earning.TIP}:{leg.id}"


def _post(delivery: DeliveryHead, leg: Leg) -> None:
    entries = [
        Entry(ledger.COURIERS, leg.captured, earning.TIP),
        Entry(earning.account(str(delivery.courier_id)), -leg.captured, earning.TIP),
    ]
    posted = ledger.post(_subject(delivery), _named(leg), leg.currency, entries)
    try:
        parts.commit(*posted)
    except BusyError:
        entered = {entry.transaction for entry in ledger.entries(_subject(delivery))}
        if _named(leg) not in entered:
            raise
