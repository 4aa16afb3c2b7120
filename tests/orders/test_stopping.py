"""The kill switch: an operator stops new orders; what is in flight is finished."""

import pytest

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError, UnavailableError
from chalicelib.orders import stopping
from tests import dynamo_faults as f
from tests import laws
from tests.dynamo_faults import Faults
from tests.world import Reply, World

STOP, RESUME = "/v1/operations/orders/stop", "/v1/operations/orders/resume"
WHY = "Cards cannot be charged at the moment."


def _stop(world: World, reason: str = WHY) -> Reply:
    return world.post(STOP, {"reason": reason}, token=world.operator())


def _resume(world: World) -> Reply:
    return world.post(RESUME, {"reason": "Mended."}, token=world.operator())


def _elsewhere() -> None:
    """What another process knows: nothing yet."""
    stopping.forget()


def test_while_orders_are_stopped_quotes_and_placing_say_so_with_the_reason(
    world_at: World,
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote = world_at.quote(store_id, token)
    _stop(world_at)

    refused = [world_at.try_quote(store_id, token), world_at.try_place(token, quote["id"])]

    for one in refused:
        assert (one.status, one.json["code"], one.json["retryable"]) == (
            503,
            "orders_stopped",
            True,
        )
        assert one.json["reason"] == WHY
        assert one.headers["Retry-After"] == "60"


def test_what_is_refused_writes_nothing_and_asks_nothing_of_stripe(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote = world_at.quote(store_id, token)
    _stop(world_at)
    before = {name: laws.rows(name) for name in ("orders", "quotes", "payments")}

    world_at.try_quote(store_id, token)
    world_at.try_place(token, quote["id"])

    assert {name: laws.rows(name) for name in before} == before
    assert world_at.intents() == []


def test_a_quote_that_was_stopped_is_ordered_after_they_go_on_again(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote = world_at.quote(store_id, token)
    _stop(world_at)
    world_at.try_place(token, quote["id"], key="one")

    resumed = _resume(world_at)
    placed = world_at.try_place(token, quote["id"], key="one")

    assert resumed.json["stopped"] is False
    assert placed.status == 201


def test_orders_in_flight_are_finished_while_new_ones_are_stopped(world_at: World) -> None:
    store_id = world_at.store()
    held, waiting, given_up = (world_at.order(store_id) for _ in range(3))
    for one in (held, waiting):
        world_at.pay(one["payments"][0])
    world_at.confirm(held["order_id"])
    _stop(world_at)

    assert world_at.confirm(waiting["order_id"]).json["authorized"]["amount"] == 9000
    assert world_at.cancel(given_up["order_id"]).status == 200
    for one in (held, waiting):
        steps = ("confirm", "ready", "picked-up")
        assert world_at.command(one["order_id"], *steps, store_id=store_id).status == 200
    world_at.pump()
    world_at.tick(86_401)

    laws.demand(world_at)
    assert sorted(one["amount_received"] for one in world_at.intents()) == [0, 9000, 9000]


def test_a_repetition_of_what_was_placed_before_is_answered_as_before(world_at: World) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    first = world_at.try_place(token, quote["id"], key="one")
    _stop(world_at)

    again = world_at.try_place(token, quote["id"], key="one")
    other = world_at.try_place(token, quote["id"], key="two")

    assert (again.status, again.text) == (201, first.text)
    assert (other.status, other.json["code"]) == (503, "orders_stopped")


def test_what_costs_nothing_is_stopped_too(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote = world_at.quote(store_id, token, items=[{"item_id": "water"}])
    _stop(world_at)

    assert world_at.try_place(token, quote["id"]).json["code"] == "orders_stopped"


def test_stopping_what_is_stopped_changes_nothing_and_so_does_resuming(world_at: World) -> None:
    first = _stop(world_at)
    again = _stop(world_at, "Another reason.")
    resumed = _resume(world_at)
    resumed_again = _resume(world_at)

    assert (first.status, again.status, resumed_again.status) == (200, 200, 200)
    assert first.json == again.json
    assert resumed.json == resumed_again.json
    assert len(resumed.json["changes"]) == 2


def test_who_when_and_why_are_kept_newest_first(world_at: World) -> None:
    begins = clock.stamp(clock.now())
    _stop(world_at)
    world_at.clock.move(60)
    _resume(world_at)

    seen = world_at.get("/v1/operations/orders", world_at.operator())

    assert (seen["stopped"], seen["reason"]) == (False, None)
    assert [one["reason"] for one in seen["changes"]] == ["Mended.", WHY]
    assert seen["changes"][1] == {
        "stopped": True, "reason": WHY, "actor": "operator:op", "at": begins,
    }  # fmt: skip


def test_nobody_ever_stopped_them(world_at: World) -> None:
    seen = world_at.get("/v1/operations/orders", world_at.operator())

    assert seen == {"stopped": False, "reason": None, "changes": []}


def test_a_process_that_has_read_the_switch_obeys_within_ten_seconds(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    _stop(world_at)
    _resume(world_at)
    world_at.quote(store_id, token)
    known = list(stopping._known)
    _stop(world_at)
    stopping._known[:] = known  # another process, which has read it before

    early = world_at.try_quote(store_id, token)
    world_at.clock.move(stopping.KNOWN_SECONDS)
    late = world_at.try_quote(store_id, token)

    assert (early.status, late.status) == (201, 503)
    assert stopping.KNOWN_SECONDS < 10


def test_where_the_switch_is_not_known_an_order_reads_it_beside_its_quote(
    world_at: World, faults: Faults
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    _elsewhere()
    faults.sent.clear()

    assert world_at.try_place(token, quote["id"]).status == 201

    assert [one for one in faults.sent if "Get" in one] == ["BatchGetItem"]


def test_where_the_switch_and_a_quote_cannot_be_read_nothing_is_placed(
    world_at: World, faults: Faults
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    _elsewhere()
    faults.come_to("BatchGetItem", *[f.unreachable] * 3)

    refused = world_at.try_place(token, quote["id"])

    assert (refused.status, refused.json["code"]) == (503, "unavailable")
    assert laws.rows("orders") == []


def test_a_clock_that_was_set_back_makes_nothing_known_for_longer(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    world_at.quote(store_id, token)
    known = list(stopping._known)
    _stop(world_at)
    stopping._known[:] = known
    world_at.clock.move(-1)

    assert world_at.try_quote(store_id, token).status == 503


def test_where_the_switch_cannot_be_read_nothing_new_begins(
    world_at: World, faults: Faults
) -> None:
    _elsewhere()
    faults.always = f.unreachable

    with pytest.raises(UnavailableError):
        stopping.demand_open()
    assert world_at


def test_of_two_operators_at_once_one_stops_and_the_other_sees_it(
    world_at: World, faults: Faults
) -> None:
    def other() -> None:
        faults.planned_for.clear()
        _stop(world_at, "I was first.")

    faults.come_to(
        "TransactWriteItems", f.after(other, f.cancelled("ConditionalCheckFailed", "None"))
    )

    second = _stop(world_at, "I was second.")

    assert second.status == 200
    assert second.json["reason"] == "I was first."
    assert len(second.json["changes"]) == 1


def test_a_switch_that_others_turn_all_the_time_is_busy(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(parts, "commit", busy)

    assert _stop(world_at).status == 409


def test_a_reason_is_words(world_at: World) -> None:
    for reason in ("", "   ", "x" * 201):
        assert _stop(world_at, reason).status == 400


def test_a_person_is_told_that_orders_were_stopped(
    world_at: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _stop(world_at)

    said = capsys.readouterr().out
    assert "New orders were stopped" in said
    assert WHY not in said
