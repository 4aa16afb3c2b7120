"""What a bank returns is learnt even where nobody tells: a refund is asked after for a month."""

from chalicelib.core import clock
from sandbox.stripe.faults import Call
from tests import laws
from tests.payments import later
from tests.payments.stories import Said, alarms
from tests.world import World

HOUR = 3600
DAY = 24 * HOUR


def _refunded(world: World) -> str:
    """An order of which 5,000 went back to the card, and all that follows has happened."""
    store_id = world.store()
    order_id = world.paid_order(store_id)
    world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world.pump()
    world.refund(order_id, amount=5000)
    world.pump()
    return order_id


def _fail_in_silence(world: World) -> None:
    world.stripe.fail_refund(world.refunds()[0]["id"])
    world.lose_webhooks()


def _status(world: World, order_id: str) -> str:
    [refund] = world.get(f"/v1/orders/{order_id}/refunds", world.operator())["items"]
    found: str = refund["status"]
    return found


def _due_at() -> str | None:
    [portion] = [row for row in laws.rows("payments") if "refund_id" in row and "number" in row]
    return portion.get("due_at")


def _ask_again(world: World) -> None:
    """The time has come at which somebody asks after it."""
    later.until(world, clock.parse(_due_at() or ""))
    world.tick(1)


def test_a_refund_that_a_bank_returns_in_silence_is_learnt_within_a_day(
    world_at: World, said: Said
) -> None:
    order_id = _refunded(world_at)
    _fail_in_silence(world_at)
    said()

    world_at.tick(DAY - HOUR)
    before = _status(world_at, order_id)
    world_at.tick(HOUR + 1)

    assert (before, _status(world_at, order_id)) == ("succeeded", "failed")
    assert "A refund failed" in alarms(said)
    laws.demand(world_at)


def test_what_has_arrived_is_asked_after_ever_more_rarely_and_not_after_a_month(
    world_at: World,
) -> None:
    _refunded(world_at)
    began = clock.now()
    asked: list[int] = []

    def note(stage: str, call: Call) -> None:
        if stage == "before" and call.path.startswith("/v1/refunds/"):
            asked.append(round((clock.now() - began).total_seconds() / DAY))

    world_at.stripe.set_fault(note)
    while _due_at():
        _ask_again(world_at)

    assert asked == [1, 2, 4, 8, 16, 32]


def test_a_refund_that_comes_back_weeks_later_is_learnt_and_then_left_alone(
    world_at: World,
) -> None:
    order_id = _refunded(world_at)
    for _ in range(5):
        _ask_again(world_at)
    _fail_in_silence(world_at)

    _ask_again(world_at)

    assert _status(world_at, order_id) == "failed"
    assert _due_at() is None
    laws.demand(world_at)
