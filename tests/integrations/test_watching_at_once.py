"""Who watches stores, many at the same moment: one of them decides, and nothing is told twice."""

from functools import partial

from chalicelib.catalog.status import PauseReason
from chalicelib.core import parts
from chalicelib.core.rights import SYSTEM
from chalicelib.integrations import unanswered, watching
from chalicelib.orders import deadlines, moving, reading
from chalicelib.orders.status import OrderCommand
from tests import faults, surroundings
from tests.faults import Script
from tests.integrations.test_watching import beat, hear, reason_of, resume, told
from tests.payments.test_at_once import _at_once
from tests.world import World


def _types(order_id: str) -> list[str]:
    return [event.type for event in reading.events_after(order_id, 0)]


def test_of_a_confirmation_and_the_end_of_its_time_who_writes_first_decides(
    world_at: World,
) -> None:
    store_id = world_at.store()
    confirmed, lapsed = (world_at.paid_order(store_id, user=one) for one in ("mina", "jun"))
    world_at.clock.move(479)
    surroundings.sweep()
    order = reading.find(lapsed)
    assert order is not None
    script, once = Script(), [True]

    def sweep_first(call: str) -> None:
        if call.endswith("TransactWriteItems") and once:
            once.pop()
            world_at.clock.move(1)
            deadlines.meet(lapsed)

    script.before = sweep_first
    with faults.following(script):
        late = world_at.command(lapsed, "confirm", store_id=store_id)

    on_its_way = reading.find(confirmed)
    assert on_its_way is not None
    parts.commit(*moving.move(on_its_way, OrderCommand.CONFIRM, actor=SYSTEM))
    met = [deadlines.meet(confirmed) for _ in range(2)]

    assert (late.status, late.json["current_status"]) == (409, "CANCELLED")
    assert {one.status for one in met} == {"CONFIRMED"}
    assert _types(lapsed).count("order.cancelled") == 1
    assert "order.cancelled" not in _types(confirmed)


def test_beats_and_looks_at_once_end_in_a_store_that_takes_orders(world_at: World) -> None:
    store_id = world_at.store()
    beat(world_at, store_id)

    for _ in range(4):
        world_at.clock.move(301)
        look, heard = partial(watching.look, store_id), partial(beat, world_at, store_id)
        _at_once(look, heard, look, heard, look)
        beat(world_at, store_id)

        assert reason_of(store_id) is None

    happened = told(store_id)
    assert happened.count("store.paused") == happened.count("store.resumed")


def test_looks_and_counts_at_once_pause_once(world_at: World) -> None:
    silent, unmanned = world_at.store(), world_at.store()
    beat(world_at, silent)
    orders = [world_at.paid_order(unmanned, user=user) for user in ("mina", "jun", "yuna")]
    world_at.clock.move(480)
    surroundings.sweep()

    _at_once(*[partial(watching.look, silent)] * 4)
    _at_once(*[partial(hear, order_id) for order_id in orders])
    _at_once(*[partial(unanswered.judge, unmanned)] * 4)

    assert reason_of(silent) is PauseReason.NO_HEARTBEAT
    assert told(silent) == ["store.paused", "notice.store_paused_silent"]
    assert reason_of(unmanned) is PauseReason.NO_RESPONSE
    assert told(unmanned) == ["store.paused", "notice.store_paused_unanswered"]
    resume(world_at, unmanned)
    unanswered.judge(unmanned)
    assert reason_of(unmanned) is None
