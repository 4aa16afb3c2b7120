"""Orders as they are now: what routes and upper domains read."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.catalog import reading as stores
from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock, dynamo, outbox, paging
from chalicelib.core.errors import NotFoundError
from chalicelib.core.money import Money
from chalicelib.core.outbox import EventItem
from chalicelib.core.paging import Listed
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.orders import codes, rights
from chalicelib.orders.models import BODY, ByCustomer, OrderBody, OrderEvent, OrderHead, order_key
from chalicelib.orders.order import Order, of
from chalicelib.orders.price_schemas import Priced
from chalicelib.orders.schemas import DropOff, OrderSummary, OrderView, When, Window
from chalicelib.orders.status import ENDED, OrderStatus

UNDER_WAY_FOR = timedelta(days=32)
STORES_OWN = {Role.MERCHANT, Role.STORE}


def find(order_id: str) -> Order | None:
    """The order as it is now, or None. No rights are checked."""
    head = dynamo.get(OrderHead, order_key(order_id))
    return of(head) if head else None


def demand(order_id: str, caller: Caller, right: Right) -> Order:
    """The order, if the caller may do this to it now.

    Raises NotFoundError (404) for a foreign or unknown one, ForbiddenError (403) for a wrong role,
    ConflictError (409) where the row of rights excludes its state.
    """
    order, _ = demand_as(order_id, caller, right)
    return order


def demand_as(order_id: str, caller: Caller, right: Right) -> tuple[Order, Role]:
    """The same, and the role in which the caller may. Raises as `demand`."""
    order = find(order_id)
    if order is None:
        raise NotFoundError
    return order, right.demand(caller, own=owned_as(order, caller), state=order.status)


def owned_as(order: Order, caller: Caller) -> frozenset[Role]:
    """In which of their roles the order is the caller's: as its customer, or for its store.

    A store never hears of an order that nobody has paid.
    """
    customer = {Role.CUSTOMER} if order.customer_id == caller.id else set()
    speaks = order.shown_to_store and stores.speaks_for(caller, order.store_id)
    return caller.roles & (customer | (STORES_OWN if speaks else set()))


def view(order: Order, caller: Caller) -> OrderView:
    """The order as this caller may see it: where it goes, only to who needs to know."""
    content = _content(order.id)
    if not _may_see_drop_off(order, caller):
        content["drop_off"] = content["courier_note"] = None
    priced = Priced.model_validate(content["priced"], extra="ignore")
    return OrderView(
        **summary(order).model_dump(),
        store_names=content["store_names"],
        lines=priced.lines,
        price=priced.price,
        owed=None if order.owed is None else Money(amount=order.owed, currency=order.currency),
        due_at=order.confirm_by if order.status is OrderStatus.CREATED else order.due_at,
        next_commands=order.next_commands,
        note=content.get("note"),
        courier_note=content.get("courier_note"),
        drop_off=_drop_off(content),
        hand_over_code=codes.shown(order) if Role.CUSTOMER in owned_as(order, caller) else None,
    )


def _may_see_drop_off(order: Order, caller: Caller) -> bool:
    """Its customer may; and its store, which brings it, until it is brought or given up."""
    owned = owned_as(order, caller)
    if Role.CUSTOMER in owned:
        return True
    brings = order.fulfilment is Fulfilment.DELIVERY and not order.by_couriers
    return bool(owned) and brings and not order.ended


def summary(order: Order) -> OrderSummary:
    return OrderSummary(
        id=order.id,
        store_id=order.store_id,
        fulfilment=order.fulfilment,
        delivered_by=order.delivered_by,
        status=order.status,
        version=order.version,
        total=Money(amount=order.total, currency=order.currency),
        placed_at=order.placed_at,
        promised=Window.model_validate(order.promised, extra="ignore"),
        first_promised=(
            Window.model_validate(order.first_promised, extra="ignore")
            if order.first_promised
            else None
        ),
        delay=order.delay,
        scheduled_for=order.scheduled_for,
        prepare_by=order.prepare_by,
        minimum_age=order.minimum_age,
        cancellation=order.cancellation,
        cancellation_request=order.request,
        customer_request=order.wish,
        customer_waits=order.waiting,
    )


def of_customer(
    customer_id: str,
    *,
    limit: int,
    cursor: str | None,
    when: When | None = None,
    store_id: str | None = None,
) -> Listed[Order]:
    """A customer's orders, newest first. Read from an index: it may lag by a moment.

    What is under way was listed within the last month: no order is for later than that.
    """
    names = ("customer_id", "listed_at")
    since = clock.stamp(clock.now() - UNDER_WAY_FOR)
    found = paging.newest(
        OrderHead.by_customer,
        customer_id,
        names,
        limit=limit,
        cursor=cursor,
        known=ByCustomer.listed_at >= since if when == "active" else None,
        only=_wanted(when, store_id),
    )
    return Listed([of(head) for head in found.items], found.next_cursor)


def _wanted(when: When | None, store_id: str | None) -> Condition | None:
    found: list[Condition] = []
    if when is not None:
        ended = OrderHead.status.is_in(*sorted(ENDED))
        found.append(ended if when == "past" else ~ended)
    if store_id is not None:
        found.append(OrderHead.store_id == store_id)
    return reduce(and_, found) if found else None


def board(store_id: str, caller: Caller, *, limit: int, cursor: str | None) -> Listed[Order]:
    """A store's orders for who speaks for it. Raises NotFoundError (404) for anybody else."""
    own = stores.speaks_for(caller, store_id)
    rights.ORDER_LIST_STORE.demand(caller, own=own)
    found = of_store(store_id, limit=limit, cursor=cursor)
    if not found.items and stores.store(store_id) is None:  # an operator may ask for any store
        raise NotFoundError
    return found


def of_store(store_id: str, *, limit: int, cursor: str | None) -> Listed[Order]:
    """A store's paid orders, newest first. Read from an index: it may lag by a moment."""
    names = ("board", "listed_at")
    found = paging.newest(OrderHead.by_store, store_id, names, limit=limit, cursor=cursor)
    return Listed([of(head) for head in found.items], found.next_cursor)


def events_after(order_id: str, version: int, limit: int | None = None) -> list[EventItem]:
    """What happened to an order after a version, in order, read consistently."""
    return list(outbox.read_after(OrderEvent, order_key(order_id), version, limit))


def drop_off(order_id: str) -> DropOff | None:
    """Where an order goes. Personal: for who brings it, while they bring it."""
    return _drop_off(_content(order_id))


def note(order_id: str) -> str | None:
    """What the customer wrote for who makes and brings the order. Personal."""
    text: str | None = _content(order_id).get("note")
    return text


def courier_note(order_id: str) -> str | None:
    """What the customer wrote for who brings the order, and for nobody else. Personal."""
    text: str | None = _content(order_id).get("courier_note")
    return text


def priced(order_id: str) -> Priced:
    """What an order was priced at, line by line: immutable. Raises NotFoundError (404)."""
    return Priced.model_validate(_content(order_id)["priced"], extra="ignore")


def _drop_off(content: Mapping[str, Any]) -> DropOff | None:
    found = content.get("drop_off")
    return DropOff.model_validate_json(json.dumps(found), extra="ignore") if found else None


def _content(order_id: str) -> dict[str, Any]:
    body = dynamo.get(OrderBody, order_key(order_id), BODY)
    if body is None:
        raise NotFoundError
    return dict(body.content)
