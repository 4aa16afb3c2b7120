"""What a store does with what Ieum carries for it, as the protocol's logistics service."""

from uuid import UUID

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError, ConflictError, NotFoundError
from chalicelib.couriers import errands, rights
from chalicelib.integrations.opendelivery import (
    logistic_facts,
    logistic_telling,
    logistic_views,
    reading,
)
from chalicelib.integrations.opendelivery.logistic_schemas import Answer, Cancel, Finish, Picked
from chalicelib.integrations.opendelivery.models import ErrandLink
from chalicelib.integrations.opendelivery.operations import Call, Said
from chalicelib.orders import moving
from chalicelib.orders.status import OrderStatus

RACES = 6
DONE = Said(200, {})
OVER = frozenset({OrderStatus.DELIVERED, OrderStatus.CONCLUDED, OrderStatus.CANCELLED})
OURS: dict[str, str] = {
    "CONSUMER_CANCELLATION_REQUESTED": "consumer_cancellation_requested",
    "NO_SHOW": "no_show",
    "PROBLEM_AT_MERCHANT": "problem_at_merchant",
    "HIGH_ACCEPTANCE_TIME": "high_acceptance_time",
    "INCORRECT_ORDER_OR_PRODUCT_PICKUP": "incorrect_order_or_product_pickup",
    "PROBLEM_RESOLUTION": "problem_resolution",
    "DISCOMBINE_ORDER": "discombine_order",
    "OTHER": "other",
}


def details(call: Call) -> Said:
    """All that is known of what was asked for last under an id: 200."""
    reference, link = _link(call)
    order = (
        errands.demand(link.order_id, call.caller, rights.ERRAND_READ) if link.order_id else None
    )
    asked = logistic_views.Asked(call.store_id, reference, link, order)
    return Said(200, logistic_views.details(asked))


def ready(call: Call) -> Said:
    """That it is ready to be fetched: 200."""
    errands.ready(_taken_on(call), call.caller)
    return DONE


def picked(call: Call) -> Said:
    """That its courier has fetched it: 200."""
    reading.parse(Picked, call.incoming)
    errands.picked(_taken_on(call), call.caller)
    return DONE


def finish(call: Call) -> Said:
    """That it is over: 200."""
    reading.parse(Finish, call.incoming)
    errands.finish(_taken_on(call), call.caller)
    return DONE


def cancel(call: Call) -> Said:
    """Give it up: 202, and whether that costs anything. What is on its way comes back."""
    said: Cancel = reading.parse(Cancel, call.incoming)
    ended = errands.cancel(_taken_on(call), call.caller, OURS[said.reason])
    fee = ended.cancellation.fee if ended.cancellation else 0
    return Said(202, {"additionalCharges": fee > 0})


def handle(call: Call) -> Said:
    """What its store would have done about a problem: 200. Safe to repeat.

    Raises ConflictError (409) where there is no such problem, and ImpossibleMoveError (409) where
    it cannot be done any more.
    """
    said: Answer = reading.parse(Answer, call.incoming)
    order_id = _taken_on(call)
    order = errands.demand(order_id, call.caller, rights.ERRAND_ANSWER)
    facts = [one for one in logistic_facts.of(order) if one.problem]
    known = [one for one in facts if one.problem and one.problem["reason"] == said.reason]
    if not known:
        raise ConflictError("There is no such problem with this delivery.")
    if said.action == "DELIVER_PRODUCT":
        if order.status in OVER:
            raise moving.impossible(order)
    else:
        errands.cancel(order_id, call.caller, OURS["PROBLEM_RESOLUTION"])
    _note(call, known[-1].id, said.action)
    return DONE


def _note(call: Call, fact_id: str, action: str) -> None:
    for _ in range(RACES):
        _, link = _link(call)
        if fact_id in dict(link.solved):
            return
        solved = {**link.solved, fact_id: {"action": action, "at": clock.stamp(clock.now())}}
        try:
            parts.commit(logistic_telling.changed(link, ErrandLink.solved.set(solved)))
        except BusyError:
            continue
        return
    raise BusyError


def _link(call: Call) -> tuple[str, ErrandLink]:
    """What a path names. Raises NotFoundError (404) where this store has asked for no such."""
    try:
        reference = str(UUID(call.named))
    except ValueError:
        raise NotFoundError from None
    found = logistic_telling.find(call.store_id, reference)
    if found is None:
        raise NotFoundError
    return reference, found


def _taken_on(call: Call) -> str:
    """The order of what a path names. Raises ConflictError (409) where it was refused."""
    _, link = _link(call)
    if link.order_id is None:
        raise ConflictError("This delivery was rejected.")
    return link.order_id
