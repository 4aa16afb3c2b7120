"""Errands: what a store sends by itself is an order of ours that costs nobody at the till anything.

So whoever carries it finds what every order has. It is confirmed from the beginning, lies on no
board, and its customer is an id that nobody can sign in as. Its shares sum to nothing: what its
courier and the platform get, its merchant owes.
"""

from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import DeliveredBy, Fulfilment
from chalicelib.core import clock, dynamo, ids, outbox, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.orders import forgetting, lateness, moving
from chalicelib.orders.errand_schemas import NewErrand, Recipient
from chalicelib.orders.models import BODY, OrderBody, OrderEvent, OrderHead, order_key
from chalicelib.orders.order import ERRAND, RECALLED, Order, of
from chalicelib.orders.placing import Placement
from chalicelib.orders.price_schemas import Priced, Share
from chalicelib.orders.schemas import Cancellation, Initiator, LiableParty
from chalicelib.orders.status import EVENT_TYPES, FORGOTTEN, OrderCommand, OrderStatus

CHANNEL = "logistics"
S = OrderStatus


def place(new: NewErrand, store: Store, actor: str) -> Placement:
    """The order of an errand, and the parts that put it and tell of it. Once: ids are new."""
    order_id, now = ids.new("ord"), clock.stamp(clock.now())
    standing = [S.CONFIRMED] if new.errand.says_ready else [S.CONFIRMED, S.READY_FOR_PICKUP]
    promised = {"begins": clock.stamp(new.there_at), "ends": clock.stamp(new.there_by)}
    head = OrderHead(
        order_key(order_id),
        dynamo.HEAD,
        id=order_id,
        customer_id=ids.new("err"),
        store_id=store.id,
        merchant_id=store.merchant_id,
        channel=CHANNEL,
        fulfilment=Fulfilment.DELIVERY,
        status=standing[-1],
        version=len(standing),
        currency=store.currency,
        total=0,
        shares=[share.model_dump() for share in _shares(new)],
        fees={},
        placed_at=now,
        promised=promised,
        confirm_seconds=store.confirm_seconds,
        delivered_by=DeliveredBy.PLATFORM,
        errand=new.errand.model_dump(mode="json"),
        listed_at=f"{now}#{order_id}",
        late_shard=lateness.shard_of(store.id),
        late_from=promised["ends"],
    )
    body = OrderBody(order_key(order_id), BODY, content=_content(new, store))
    told = (
        outbox.announce(
            OrderEvent,
            order_key(order_id),
            kind="order",
            subject=order_id,
            version=version,
            type=EVENT_TYPES[status],
            actor=actor,
            data={"store_id": store.id, "status": status},
        )
        for version, status in enumerate(standing, start=1)
    )
    return Placement(of(head), (parts.put(head, BusyError()), parts.put(body, BusyError()), *told))


def _shares(new: NewErrand) -> list[Share]:
    return [
        Share(to="courier", why="delivery_fee", amount=new.bringing),
        Share(to="platform", why=ERRAND, amount=new.service),
        Share(to="merchant", why=ERRAND, amount=-new.price),
    ]


def _content(new: NewErrand, store: Store) -> dict[str, object]:
    nothing = Priced(
        currency=store.currency,
        lines=[],
        price=[],
        total=0,
        commission_basis_points=0,
        cancellation_fees=[],
    )
    return {
        "store_names": dict(store.names),
        "priced": nothing.model_dump(mode="json"),
        "drop_off": new.drop_off.model_dump(mode="json"),
        "courier_note": new.note,
        "recipient": new.recipient.model_dump(mode="json"),
    }


def recipient(order_id: str) -> Recipient | None:
    """Whom it goes to. Personal: for its store alone. None once that is forgotten."""
    body = dynamo.get(OrderBody, order_key(order_id), BODY)
    found = body.content.get("recipient") if body else None
    return Recipient.model_validate(found, extra="ignore") if found else None


def given_up(
    order: Order,
    code: str,
    *,
    fee: int,
    actor: str,
    initiated_by: Initiator = "store",
    liable_party: LiableParty = "store",
) -> tuple[Part, ...]:
    """The parts that give one up which has not left its store: `fee` is what its merchant owes.

    Raises ImpossibleMoveError (409) where it has ended.
    """
    record = Cancellation(
        code=code, initiated_by=initiated_by, liable_party=liable_party, fee=fee, refund=0
    )
    return _cancelled(order, record, actor)


def recall(order: Order, actor: str) -> tuple[Part, ...]:
    """The parts by which its store has one back that is on its way: the whole price is owed.

    Raises ImpossibleMoveError (409) where it has ended.
    """
    record = Cancellation(
        code=RECALLED, initiated_by="store", liable_party="store", fee=order.price, refund=0
    )
    return _cancelled(order, record, actor)


def _cancelled(order: Order, record: Cancellation, actor: str) -> tuple[Part, ...]:
    return moving.move(
        order,
        OrderCommand.CANCEL,
        actor=actor,
        also=(OrderHead.cancellation.set(record.model_dump()), OrderHead.owed.set(0)),
        data=record.model_dump(),
    )


def forget(order: Order) -> tuple[Part, ...]:
    """The parts that keep nothing of whom one went to, once that is long over."""
    told = moving.change(order, FORGOTTEN, moving.due(order.id, None), actor=SYSTEM, data={})
    body = dynamo.get(OrderBody, order_key(order.id), BODY)
    if body is None:
        return told
    left = OrderBody.content.set(forgetting.without(body.content))
    return *told, parts.update(body, [left], BusyError(), OrderBody.pk.exists())
