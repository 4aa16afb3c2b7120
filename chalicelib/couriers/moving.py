"""How a delivery moves: one conditional write of the head, one event, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, outbox, parts
from chalicelib.core.errors import BusyError, NotFoundError, Value
from chalicelib.core.parts import Failure, Part
from chalicelib.couriers import status
from chalicelib.couriers.delivery_models import DeliveryEvent, DeliveryHead
from chalicelib.couriers.errors import ImpossibleStepError
from chalicelib.couriers.models import delivery_key
from chalicelib.couriers.status import DeliveryCommand, DeliveryStatus

RACES = 6
DELIVERY, ERRAND = "delivery", "errand"
"""The kinds of events of deliveries."""
ENDED = frozenset(
    {
        DeliveryStatus.ORDER_DELIVERED,
        DeliveryStatus.RETURNED_TO_MERCHANT,
        DeliveryStatus.DELIVERY_FINISHED,
        DeliveryStatus.REJECTED,
        DeliveryStatus.CANCELLED,
    }
)

type Decide = Callable[[DeliveryHead], tuple[Part, ...]]


def impossible(delivery: DeliveryHead) -> ImpossibleStepError:
    """That the state does not allow it, which it is, and what it allows."""
    standing = DeliveryStatus(delivery.status)
    return ImpossibleStepError(
        current_status=standing,
        allowed_commands=[str(command) for command in status.allowed(standing)],
    )


def move(
    delivery: DeliveryHead,
    command: DeliveryCommand,
    *,
    actor: str,
    also: Sequence[Action] = (),
    data: Mapping[str, Value] | None = None,
    failure: Failure | None = None,
) -> tuple[Part, ...]:
    """The parts that apply a command to a delivery as it was read.

    Raises ImpossibleStepError (409), with the present status and what is allowed. Their failure is
    BusyError unless another is given: the delivery has changed meanwhile, read it again.
    """
    target = status.after(DeliveryStatus(delivery.status), command)
    if target is None:
        raise impossible(delivery)
    actions = [DeliveryHead.status.set(target), *also]
    if target in ENDED and not delivery.ended_at:
        actions.append(DeliveryHead.ended_at.set(clock.stamp(clock.now())))
    return change(
        delivery,
        status.DELIVERY_EVENTS[target],
        actions,
        actor=actor,
        data={"status": target, **(data or {})},
        failure=failure,
    )


def change(
    delivery: DeliveryHead,
    event_type: str,
    actions: Sequence[Action] = (),
    *,
    actor: str,
    data: Mapping[str, Value] | None = None,
    failure: Failure | None = None,
) -> tuple[Part, ...]:
    """The parts that change a delivery as it was read, and announce it. Ids and codes only."""
    version = int(delivery.version) + 1
    head = parts.update(
        DeliveryHead.at(delivery.id),
        [DeliveryHead.version.set(version), *actions],
        failure or BusyError(),
        DeliveryHead.version == delivery.version,
    )
    event = outbox.announce(
        DeliveryEvent,
        delivery_key(delivery.id),
        kind=kind(delivery),
        subject=delivery.id,
        version=version,
        type=event_type,
        actor=actor,
        data={**about(delivery), **(data or {})},
    )
    return head, event


def kind(delivery: DeliveryHead) -> str:
    """As what its events are heard of: of an errand by others than of what a customer ordered."""
    return ERRAND if delivery.errand else DELIVERY


def about(delivery: DeliveryHead) -> dict[str, Value]:
    """What every event of a delivery says: whose it is, and how it stands."""
    told: dict[str, Value] = {
        "zone": delivery.zone,
        "order_id": delivery.order_id,
        "store_id": delivery.store_id,
        "customer_id": delivery.customer_id,
        "attempt": int(delivery.attempt),
        "status": delivery.status,
    }
    return {**told, "courier_id": delivery.courier_id} if delivery.courier_id else told


def is_over(delivery: DeliveryHead) -> bool:
    """Whether nobody carries it or will: handed over, returned, or given up."""
    return delivery.status in ENDED


def apply(delivery_id: str, decide: Decide) -> DeliveryHead:
    """Read, decide, commit; on a race read again. `decide` returns no parts where nothing is to do.

    Raises what `decide` raises, NotFoundError for an unknown delivery, BusyError after too many
    races.
    """
    for _ in range(RACES):
        delivery = demand(delivery_id)
        with suppress(BusyError):
            chosen = decide(delivery)
            if chosen:
                parts.commit(*chosen)
            return demand(delivery_id) if chosen else delivery
    raise BusyError


def demand(delivery_id: str) -> DeliveryHead:
    """The delivery as it is now. Raises NotFoundError (404). No rights are checked."""
    delivery = dynamo.get(DeliveryHead, delivery_key(delivery_id))
    if delivery is None:
        raise NotFoundError
    return delivery
