"""Messages to ourselves on the queue of couriers: look at a zone, or at an order, later.

None of them is a promise. A message that cannot be sent is no loss: what it would have said stands
in an index, and the sweep reads it every minute.
"""

from dataclasses import asdict
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import aws, clock
from chalicelib.core.outbox import Bell
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import alarm, name_of
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderStatus

ZONE = "zone"
WAKE = "zone.wake"
DEADLINE = "order.deadline"
LONGEST_DELAY = 900
"""Seconds: SQS delays no message for longer."""
SOON = 1


def zone_soon(zone: str) -> None:
    """Have a zone looked at in a second of the wall: somebody is at it just now."""
    _send(_wake(zone), SOON)


def zone_now(zone: str) -> None:
    """Have a zone looked at as soon as the queue comes to it."""
    _send(_wake(zone), 0)


def zone_at(zone: str, moment: datetime) -> None:
    """Have a zone looked at then. What lies too far ahead is left to the sweep."""
    _send_at(_wake(zone), moment)


def order_at(order: Order) -> None:
    """Have an order looked at when its next deadline comes, if a store is to confirm it by then.

    Other deadlines (a payment, a conclusion) may be a minute late, and are the sweep's.
    """
    if order.status is OrderStatus.CREATED and order.due_at is not None:
        _send_at(Bell("order", order.id, order.version, DEADLINE), order.due_at)


def _wake(zone: str) -> Bell:
    return Bell(ZONE, zone, 0, WAKE)


def _send_at(bell: Bell, moment: datetime) -> None:
    delay = clock.wall((moment - clock.now()).total_seconds())
    if delay <= LONGEST_DELAY:
        _send(bell, delay)


def _send(bell: Bell, delay: int) -> None:
    try:
        aws.send_all(settings().courier_queue, [asdict(bell)], delay=delay)
    except (BotoCoreError, ClientError, aws.QueueRefusedError) as error:
        alarm("A message to couriers' own queue was not sent", code=name_of(error))
