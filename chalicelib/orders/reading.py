"""Orders as they are now: what routes and upper domains read."""

from chalicelib.catalog import reading as stores
from chalicelib.core import dynamo, outbox, paging
from chalicelib.core.errors import NotFoundError
from chalicelib.core.money import Money
from chalicelib.core.outbox import EventItem
from chalicelib.core.paging import Listed
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.orders import rights, status
from chalicelib.orders.models import BODY, OrderBody, OrderEvent, OrderHead, order_key
from chalicelib.orders.order import Order, of
from chalicelib.orders.schemas import OrderSummary, OrderView, Window


def find(order_id: str) -> Order | None:
    """The order as it is now, or None. No rights are checked."""
    head = dynamo.get(OrderHead, order_key(order_id))
    return of(head) if head else None


def demand(order_id: str, caller: Caller, right: Right) -> Order:
    """The order, if the caller may do this to it now.

    Raises NotFoundError (404) for a foreign or unknown one, ForbiddenError (403) for a wrong role,
    ConflictError (409) where the row of rights excludes its state.
    """
    order = find(order_id)
    if order is None:
        raise NotFoundError
    permit(order, caller, right, order.status)
    return order


def permit(order: Order, caller: Caller, right: Right, state: str) -> None:
    """Check a right to an order, each role by what the order is to that very role.

    Whoever has ordered does not thereby speak for the store, and a store's people are not the
    customer, though they may be customers elsewhere. Raises as `demand` does.
    """
    right.demand(caller, own=own_roles(order, caller), state=state)


def own_roles(order: Order, caller: Caller) -> frozenset[Role]:
    """The roles in which the order is the caller's own.

    A store never hears of an order that nobody has paid.
    """
    if order.customer_id == caller.id:
        return frozenset({Role.CUSTOMER, *_store_roles(order, caller)})
    return _store_roles(order, caller)


def _store_roles(order: Order, caller: Caller) -> frozenset[Role]:
    speaks = order.shown_to_store and stores.speaks_for(caller, order.store_id)
    return frozenset({Role.MERCHANT, Role.STORE}) if speaks else frozenset()


def view(order: Order, caller: Caller) -> OrderView:
    """The order as this caller may see it: where it goes, only to who needs to know."""
    body = dynamo.get(OrderBody, order_key(order.id), BODY)
    if body is None:
        raise NotFoundError
    content = dict(body.content)
    if not _may_see_personal(order, caller):
        content["drop_off"] = None
    return OrderView(
        **summary(order).model_dump(),
        store_names=content["store_names"],
        lines=content["priced"]["lines"],
        price=content["priced"]["price"],
        owed=None if order.owed is None else Money(amount=order.owed, currency=order.currency),
        due_at=order.due_at,
        next_commands=status.allowed(order.status, order.fulfilment),
        note=content.get("note"),
        drop_off=content.get("drop_off"),
    )


def _may_see_personal(order: Order, caller: Caller) -> bool:
    return order.customer_id == caller.id or not order.ended


def summary(order: Order) -> OrderSummary:
    return OrderSummary(
        id=order.id,
        store_id=order.store_id,
        fulfilment=order.fulfilment,
        status=order.status,
        version=order.version,
        total=Money(amount=order.total, currency=order.currency),
        placed_at=order.placed_at,
        promised=Window.model_validate(order.promised),
        cancellation=order.cancellation,
    )


def of_customer(customer_id: str, *, limit: int, cursor: str | None) -> Listed[Order]:
    """A customer's orders, newest first. Read from an index: it may lag by a moment."""
    names = ("customer_id", "listed_at")
    found = paging.newest(OrderHead.by_customer, customer_id, names, limit=limit, cursor=cursor)
    return Listed([of(head) for head in found.items], found.next_cursor)


def board(store_id: str, caller: Caller, *, limit: int, cursor: str | None) -> Listed[Order]:
    """A store's orders for who speaks for it. Raises NotFoundError (404) for anybody else."""
    own = stores.speaks_for(caller, store_id)
    rights.ORDER_LIST_STORE.demand(caller, own=own)
    return of_store(store_id, limit=limit, cursor=cursor)


def of_store(store_id: str, *, limit: int, cursor: str | None) -> Listed[Order]:
    """A store's paid orders, newest first. Read from an index: it may lag by a moment."""
    names = ("board", "listed_at")
    found = paging.newest(OrderHead.by_store, store_id, names, limit=limit, cursor=cursor)
    return Listed([of(head) for head in found.items], found.next_cursor)


def events_after(order_id: str, version: int, limit: int | None = None) -> list[EventItem]:
    """What happened to an order after a version, in order, read consistently."""
    return list(outbox.read_after(OrderEvent, order_key(order_id), version, limit))
