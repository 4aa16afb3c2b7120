"""Quotes: the whole price from the server, and a promise of time. Both stand for ten minutes."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.catalog import conditions
from chalicelib.catalog import reading as stores
from chalicelib.catalog.conditions import Conditions
from chalicelib.catalog.holding import Hold
from chalicelib.catalog.reading import Offering
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.dynamo import Item
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.money import Money
from chalicelib.core.rights import Caller
from chalicelib.orders import (
    addresses,
    dieting,
    pricing,
    promoting,
    reserving,
    rights,
    scheduling,
    stopping,
)
from chalicelib.orders.diet_models import DietItem, diet_key
from chalicelib.orders.diet_schemas import EatingHabits
from chalicelib.orders.errors import QuoteProblemError, QuoteUnknownError
from chalicelib.orders.models import QuoteItem, quote_key
from chalicelib.orders.price_schemas import Priced
from chalicelib.orders.pricing import Bill, Issue
from chalicelib.orders.promoting import Offered
from chalicelib.orders.promotion_models import PromotionPlace
from chalicelib.orders.promotion_schemas import Taken
from chalicelib.orders.promotions import NOTHING
from chalicelib.orders.scheduling import Task
from chalicelib.orders.schemas import QuoteRequest, QuoteView, Window

VALID_SECONDS = 600
KEPT_SECONDS = 86_400
WINDOW_MINUTES = 10


def quote(caller: Caller, request: QuoteRequest) -> QuoteView:
    """Price a request and keep the price.

    Raises QuoteProblemError (422) with every problem at once: a closed store, an item that is gone,
    an option missing. What is listed here is never found out after payment. Raises
    OrdersStoppedError (503) while new orders are stopped.
    """
    stopping.demand_open()
    request = _located(caller, request)
    found = stores.offering(request.store_id)
    if found is None:
        raise QuoteProblemError(errors=_shown(_no_store()))
    store = found.store
    standing = found.standing(request.scheduled_for or clock.now())
    bill = pricing.draw_up(store, found.menu, request, _conditions(store, request), standing)
    task = Task(store, sum(line.quantity for line in request.items), bill.eta_minutes)
    holds = reserving.wanted(store, found.menu, request, task.begins(request.scheduled_for))
    untimely = _untimely(task, request.scheduled_for)
    short = [] if untimely else reserving.issues(task, request, holds)
    around = () if bill.issues else _around(store, caller)
    lowered = _lowered(bill, caller, request, around)
    costing = pricing.charge(bill, lowered.chosen)
    issues = [*untimely, *costing.issues, *short, *lowered.issues]
    if issues or costing.priced is None:
        raise QuoteProblemError(errors=_shown(issues))
    kept = _keep(caller, request, found, task, costing.priced, holds, lowered.chosen.taken())
    unhealthy = dieting.warnings(found.menu, request.items, _eats(request, around))
    return kept.model_copy(update={"warnings": (*lowered.warnings, *unhealthy)})


def _around(store: Store, caller: Caller) -> Sequence[Item]:
    """What applies by itself at a store, and what its customer eats: one read."""
    wanted = [(PromotionPlace, key) for key in promoting.places(store)]
    return dynamo.found_heads([*wanted, (DietItem, diet_key(caller.id))])


def _lowered(bill: Bill, caller: Caller, request: QuoteRequest, around: Sequence[Item]) -> Offered:
    """What promotions take off; nothing is asked for what cannot be ordered anyhow."""
    if bill.issues:
        return Offered(NOTHING)
    live = [one for one in around if isinstance(one, PromotionPlace)]
    return promoting.offered(bill.store, caller.id, request.codes, bill.basket, live)


def _eats(request: QuoteRequest, around: Sequence[Item]) -> EatingHabits:
    """What the request says of its customer; or else what is kept of them."""
    stored = (dieting.habits(one) for one in around if isinstance(one, DietItem))
    return request.diet or next(stored, EatingHabits())


def _located(caller: Caller, request: QuoteRequest) -> QuoteRequest:
    """The request with a copy of the address that it names (1 read), if it names one."""
    if request.address_id is None:
        return request
    found = addresses.drop_off(caller.id, request.address_id)
    if found is None:
        detail = "There is no such address of yours."
        raise QuoteProblemError(errors=_shown([Issue("address_unknown", "/address_id", detail)]))
    return request.model_copy(update={"drop_off": found})


def _conditions(store: Store, request: QuoteRequest) -> Conditions:
    """What slows the way now. Of another day nothing is known, and nothing is read."""
    if request.fulfilment is not Fulfilment.DELIVERY or request.scheduled_for:
        return conditions.USUAL
    return conditions.of_city(store.city)


def _no_store() -> list[Issue]:
    return [Issue("store_unknown", "/store_id", "There is no such store.")]


def _untimely(task: Task, moment: datetime | None) -> list[Issue]:
    """Why the store does not do this now, or at the moment that was asked for."""
    if moment:
        return scheduling.issues(task, moment)
    closed = stores.why_closed(task.store, clock.now())
    return [Issue(closed.code, "/store_id", closed.detail, closed.opens_at)] if closed else []


def _shown(issues: list[Issue]) -> list[dict[str, str | int]]:
    return [issue.shown() for issue in issues]


def _keep(
    caller: Caller,
    request: QuoteRequest,
    found: Offering,
    task: Task,
    priced: Priced,
    holds: Sequence[Hold],
    taken: Sequence[Taken],
) -> QuoteView:
    store, later = task.store, request.scheduled_for
    begins = task.begins(later)
    ready = later or task.there(begins)
    view = QuoteView(
        id=ids.new("quo"),
        store_id=store.id,
        store_names=dict(store.names),
        fulfilment=request.fulfilment,
        total=Money(amount=priced.total, currency=priced.currency),
        priced=priced,
        promised=Window(begins=ready, ends=ready + timedelta(minutes=WINDOW_MINUTES)),
        scheduled_for=later,
        valid_until=clock.after(VALID_SECONDS),
        minimum_age=pricing.minimum_age(store, found.menu, priced),
        note=request.note,
        courier_note=request.courier_note,
    )
    content = {
        **view.model_dump(mode="json", exclude={"warnings"}),
        "drop_off": request.drop_off.model_dump(mode="json") if request.drop_off else None,
        "confirm_seconds": store.confirm_seconds,
        "offered": found.version,
        "begins": clock.stamp(begins),
        "items": task.items,
        "eta_minutes": task.eta_minutes,
        "preparation_minutes": store.pace.minutes(begins, task.items),
        "prepare_by": clock.stamp(begins) if later else None,
        "holds": [hold.model_dump(mode="json") for hold in holds],
        "promotions": [one.model_dump() for one in taken],
        "delivered_by": store.delivered_by if view.fulfilment is Fulfilment.DELIVERY else None,
    }
    item = QuoteItem(
        quote_key(view.id),
        dynamo.HEAD,
        id=view.id,
        customer_id=caller.id,
        store_id=store.id,
        merchant_id=store.merchant_id,
        valid_until=clock.stamp(view.valid_until),
        content=content,
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )
    parts.commit(parts.put(item, BusyError()))
    return view


def find(quote_id: str) -> QuoteItem | None:
    return dynamo.get(QuoteItem, quote_key(quote_id))


def read(quote_id: str, caller: Caller) -> QuoteView:
    """A quote of the caller's own. Raises QuoteUnknownError (404)."""
    item = find(quote_id)
    if item is None:
        raise QuoteUnknownError
    try:
        rights.QUOTE_READ.demand(caller, own=item.customer_id == caller.id)
    except NotFoundError:
        raise QuoteUnknownError from None
    fields = QuoteView.model_fields
    shown = {name: value for name, value in item.content.items() if name in fields}
    return QuoteView.model_validate_json(json.dumps(shown), extra="ignore")
