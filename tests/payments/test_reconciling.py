"""Each day Stripe and the books are compared, both ways: nothing differs, or each thing is told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.core import dynamo, parts
from chalicelib.payments import charge_gateway, events, ledger, reconciling, reviewing
from chalicelib.payments.ledger import CLEARING, Entry
from chalicelib.payments.models import LedgerEntry
from chalicelib.payments.payment import Subject
from chalicelib.payments.reconciliation_models import PROGRESS, ProgressItem, day_key
from sandbox.stripe.faults import Call, Fault
from tests import faults, laws
from tests.payments.stories import Said, alarms
from tests.surroundings import SCHEDULE
from tests.world import SECRET_KEY, World

TODAY, TOMORROW = "2026-11-22", "2026-11-23"
SPLIT: tuple[dict[str, object], ...] = ({"amount": 4000}, {})
HALF_A_DAY = 12 * 3600 + 1800


def _collected(world: World, *payments: dict[str, object]) -> str:
    store_id = world.store()
    order_id = world.paid_order(store_id, *payments)
    world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world.pump()
    return order_id


def _refund(world: World, order_id: str, amount: int) -> None:
    wanted = {"amount": amount, "reason": "item_missing"}
    path = f"/v1/orders/{order_id}/refunds"
    made = world.post(path, wanted, token=world.operator(), key=world.new_key())
    assert made.status == 201, made.text


def _refunds(world: World) -> list[str]:
    _, _, found = world.stripe.request("GET", "/v1/refunds", SECRET_KEY, "")
    return [str(one["id"]) for one in found["data"]]


def _next_day(world: World, seconds: float = HALF_A_DAY) -> None:
    world.clock.move(seconds)
    events.reconcile_payments(SCHEDULE, None)


def _seen(world: World, day: str = TODAY) -> Any:  # noqa: ANN401 - any JSON
    return world.get(f"/v1/reconciliations/{day}", world.operator())


def _found(world: World, day: str = TODAY) -> list[tuple[str, int, int]]:
    shown = _seen(world, day)
    assert shown["status"] == "done"
    return [(one["what"], one["at_stripe"], one["posted"]) for one in shown["differences"]]


def _tamper(world: World, kind: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change every object of a kind behind everybody's back."""
    for one in world.stripe._account.store.all(kind):
        change(one)


def _post(order_id: str, name: str, amount: int, currency: str = "KRW", **about: str) -> None:
    """Put an entry of Stripe's account into the books, as somebody might by mistake."""
    entries = [Entry(CLEARING, amount, "odd"), Entry(ledger.RECEIVABLE, -amount, "odd")]
    parts.commit(*ledger.post(Subject("order", order_id), name, currency, entries, about=about))


def _intent(world: World) -> str:
    return str(world.intents()[0]["id"])


def test_a_whole_day_of_all_kinds_of_payments_compares_without_a_difference(
    world_at: World, said: Said
) -> None:
    refunded = _collected(world_at)
    _collected(world_at, *SPLIT)
    store_id = world_at.store()
    given_up = world_at.paid_order(store_id)
    world_at.command(given_up, "confirm", store_id=store_id)
    world_at.cancel(given_up)
    let_go = world_at.paid_order(store_id)
    world_at.cancel(let_go)
    world_at.order(store_id)
    for amount in (1000, 500):
        _refund(world_at, refunded, amount)
    world_at.pump()
    said()

    _next_day(world_at)

    shown = _seen(world_at)
    assert (shown["total"], shown["differences"]) == (0, [])
    assert (shown["charges"], shown["refunds"], shown["entries"]) == (4, 2, 6)
    assert shown["done_at"]
    assert alarms(said) == []


def test_a_refund_that_failed_later_is_no_difference_once_the_books_say_so(
    world_at: World,
) -> None:
    order_id = _collected(world_at)
    _refund(world_at, order_id, 1000)
    _next_day(world_at)
    world_at.stripe.fail_refund(_refunds(world_at)[0])
    world_at.pump()

    _next_day(world_at, 86_400)

    assert _found(world_at, TOMORROW) == []
    assert _seen(world_at, TOMORROW)["refunds"] == 1


@pytest.mark.parametrize("drift", [1, -1])
def test_one_minor_unit_of_drift_at_stripe_is_found_in_one_run(
    world_at: World, said: Said, drift: int
) -> None:
    _collected(world_at)
    _tamper(world_at, "charge", lambda one: one.update(amount_captured=9000 + drift))
    said()

    _next_day(world_at)

    assert _found(world_at) == [("amount", 9000 + drift, 9000)]
    lines = [line for line in said() if line["said"] == "Stripe and the books differ"]
    assert [(line["difference"], line["code"]) for line in lines] == [(drift, "amount")]


def test_one_minor_unit_of_drift_in_the_books_is_found_in_one_run(world_at: World) -> None:
    order_id = _collected(world_at)
    intent = _intent(world_at)
    _post(order_id, "by hand", 1, intent=intent)

    _next_day(world_at)

    assert _found(world_at) == [("amount", 9000, 9001)]
    [shown] = _seen(world_at)["differences"]
    assert shown["subject"] == f"order#{order_id}"
    assert (shown["key"], shown["intent_id"], shown["kind"]) == (intent, intent, "charge")


def test_one_minor_unit_of_drift_in_a_refund_is_found(world_at: World) -> None:
    order_id = _collected(world_at)
    _refund(world_at, order_id, 1000)
    world_at.pump()
    _tamper(world_at, "refund", lambda one: one.update(amount=1001))

    _next_day(world_at)

    assert _found(world_at) == [("amount", -1001, -1000)]


def test_what_stripe_took_and_nobody_posted_is_found(world_at: World) -> None:
    order_id = _collected(world_at)
    _forget(lambda entry: entry.pk == f"order#{order_id}")

    _next_day(world_at)

    assert _found(world_at) == [("not_posted", 9000, 0)]


def test_a_refund_that_somebody_made_by_hand_is_found(world_at: World) -> None:
    _collected(world_at)
    form = f"payment_intent={_intent(world_at)}&amount=700"
    world_at.stripe.request("POST", "/v1/refunds", SECRET_KEY, form)

    _next_day(world_at)

    assert _found(world_at) == [("nobodys", -700, 0)]


def test_what_was_posted_and_stripe_never_took_is_found(world_at: World) -> None:
    order_id = _collected(world_at)
    _post(order_id, "charge", 500, intent="pi_nowhere")
    _post(order_id, "refund", -500, intent="pi_nowhere", refund="re_nowhere")

    _next_day(world_at)

    assert sorted(_found(world_at)) == [("not_at_stripe", 0, -500), ("not_at_stripe", 0, 500)]


def test_what_was_held_and_posted_as_taken_is_found(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())
    _post(order_id, "too early", 9000, intent=_intent(world_at))

    _next_day(world_at)

    assert _found(world_at) == [("not_at_stripe", 0, 9000)]


def test_another_currency_is_found(world_at: World) -> None:
    _collected(world_at)
    _tamper(world_at, "charge", lambda one: one.update(currency="usd"))

    _next_day(world_at)

    assert _found(world_at) == [("currency", 9000, 9000)]


def test_what_was_posted_twice_is_found(world_at: World) -> None:
    order_id = _collected(world_at)
    _post(order_id, "again", 9000, intent=_intent(world_at))

    _next_day(world_at)

    assert _found(world_at) == [("twice", 9000, 18_000)]


def test_what_was_posted_for_another_order_too_is_found(world_at: World) -> None:
    _collected(world_at)
    _post("ord_other", "elsewhere", 9000, intent=_intent(world_at))

    _next_day(world_at)

    assert _found(world_at) == [("elsewhere", 0, 9000)]


def test_what_was_posted_for_another_order_days_later_is_found(world_at: World) -> None:
    _collected(world_at)
    intent = _intent(world_at)
    world_at.clock.move(20 * 86_400)
    _post("ord_other", "elsewhere", 9000, intent=intent)

    _next_day(world_at, 86_400)

    assert _found(world_at, "2026-12-12") == [("elsewhere", 0, 9000)]


def test_an_entry_that_does_not_say_what_it_is_for_is_found(world_at: World) -> None:
    order_id = _collected(world_at)
    _post(order_id, "cash?", 10)

    _next_day(world_at)

    assert _found(world_at) == [("nobodys", 0, 10)]


def test_what_is_posted_late_is_looked_up_and_found_right(world_at: World) -> None:
    """Captured long before, by whatever accident: nothing remembers that it was compared."""
    order_id = _collected(world_at)
    intent = _intent(world_at)
    _forget(lambda entry: entry.context.get("intent") == intent and entry.account == CLEARING)
    world_at.clock.move(20 * 86_400)
    _post(order_id, "late", 9000, intent=intent)

    _next_day(world_at, 86_400)

    assert _found(world_at, "2026-12-12") == []


def test_money_of_another_stack_in_the_same_account_is_left_to_it(world_at: World) -> None:
    _collected(world_at)
    other = {"env": "other", "kind": "order", "subject": "ord_1", "leg": "leg_1"}
    _tamper(world_at, "charge", lambda one: one.update(metadata=other))
    _forget(lambda _: True)

    _next_day(world_at)

    assert _seen(world_at)["charges"] == 0
    assert _found(world_at) == []


def test_what_is_in_flight_at_midnight_is_looked_at_the_next_day_and_not_dropped(
    world_at: World,
) -> None:
    world_at.clock.move(12 * 3600 - 60)
    order_id = _collected(world_at)
    _forget(lambda entry: entry.pk == f"order#{order_id}")

    _next_day(world_at, 1800)
    early = _found(world_at)
    _next_day(world_at, 86_400)

    assert early == []
    assert _found(world_at, TOMORROW) == [("not_posted", 9000, 0)]


def test_every_moment_belongs_to_exactly_one_day() -> None:
    days = [reviewing.window(date(2026, 11, day)) for day in (21, 22, 23)]

    for moment in range(int(days[0].begins.timestamp()), int(days[2].ends.timestamp()), 3599):
        assert sum(one.holds(moment) for one in days) == 1


def test_nothing_is_compared_before_the_day_is_over(world_at: World) -> None:
    _collected(world_at)
    _next_day(world_at)
    asked = _asked(world_at)

    events.reconcile_payments(SCHEDULE, None)

    assert asked == []
    assert (
        world_at.call("GET", f"/v1/reconciliations/{TOMORROW}", token=world_at.operator()).status
        == 404
    )


def test_comparing_a_day_again_changes_nothing(world_at: World, said: Said) -> None:
    order_id = _collected(world_at)
    _post(order_id, "by hand", 1, intent=_intent(world_at))
    _next_day(world_at)
    before = laws.rows("payments")
    said()
    dynamo.client().delete_item(
        TableName="test-payments", Key={"pk": {"S": day_key(TODAY)}, "sk": {"S": "HEAD"}}
    )
    parts.commit(parts.overwrite(ProgressItem(PROGRESS, "HEAD", day=TODAY)))

    events.reconcile_payments(SCHEDULE, None)

    assert _without_tokens(laws.rows("payments")) == _without_tokens(before)
    assert "Stripe and the books differ" not in alarms(said)


def test_page_by_page_the_same_is_found(world_at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [_collected(world_at) for _ in range(5)]
    for order_id in orders[:3]:
        _refund(world_at, order_id, 1000)
    world_at.pump()
    _post(orders[0], "by hand", 1, intent=_of(world_at, orders[0]))
    monkeypatch.setattr(charge_gateway, "PAGE", 2)
    monkeypatch.setattr(reviewing, "PAGE", 1)

    _next_day(world_at)

    shown = _seen(world_at)
    assert (shown["charges"], shown["refunds"], shown["entries"]) == (5, 3, 9)
    assert _found(world_at) == [("amount", 9000, 9001)]


def test_who_runs_out_of_time_goes_on_where_they_stopped(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [_collected(world_at) for _ in range(5)]
    _post(orders[0], "by hand", 1, intent=_of(world_at, orders[0]))
    monkeypatch.setattr(charge_gateway, "PAGE", 1)
    world_at.clock.move(HALF_A_DAY)
    pages: list[str | None] = []
    listed = charge_gateway.page

    def slowly(kind: Any, since: int, until: int, after: str | None) -> charge_gateway.Page:  # noqa: ANN401 - a word
        world_at.clock.move(200)
        pages.append(after)
        return listed(kind, since, until, after)

    monkeypatch.setattr(charge_gateway, "page", slowly)
    statuses = []
    for _ in range(5):
        events.reconcile_payments(SCHEDULE, None)
        statuses.append(_seen(world_at)["status"])

    assert statuses == ["running", "running", "running", "done", "done"]
    assert len(pages) == len(set(pages)) + 1  # both lists begin without a place, none is read twice
    assert _found(world_at) == [("amount", 9000, 9001)]


def test_dying_at_any_call_loses_and_doubles_nothing(world_at: World) -> None:
    order_id = _collected(world_at)
    _refund(world_at, order_id, 1000)
    world_at.pump()
    _post(order_id, "by hand", 1, intent=_intent(world_at))
    world_at.clock.move(HALF_A_DAY)
    deaths = 0
    while reconciling._next_day()[0].isoformat() == TODAY:
        script = faults.Script()
        script.crash_at(deaths, effect=deaths % 2 == 0)
        try:
            with faults.following(script):
                reconciling.run(240)
        except faults.Crash:
            deaths += 1

    shown = _seen(world_at)
    assert deaths > 10
    assert (shown["charges"], shown["refunds"], shown["entries"]) == (1, 1, 3)
    assert _found(world_at) == [("amount", 9000, 9001)]


def test_where_stripe_does_not_tell_the_next_run_goes_on(world_at: World, said: Said) -> None:
    order_id = _collected(world_at)
    _post(order_id, "by hand", 1, intent=_intent(world_at))
    world_at.stripe.set_fault(lambda *_: Fault(500, "api_error"))
    _next_day(world_at)
    assert "A comparison with Stripe goes on later" in {line["said"] for line in said()}
    world_at.stripe.set_fault(faults.on_stripe)

    _next_day(world_at, 3600)

    assert _found(world_at) == [("amount", 9000, 9001)]


def test_days_that_were_missed_are_made_up_for_and_a_person_is_told(
    world_at: World, said: Said
) -> None:
    _collected(world_at)
    _next_day(world_at)
    order_id = _collected(world_at)
    _post(order_id, "by hand", 1, intent=_intent(world_at))
    said()

    _next_day(world_at, 3 * 86_400)

    assert "Reconciliation is late" in alarms(said)
    days = [TOMORROW, "2026-11-24", "2026-11-25"]
    assert [len(_found(world_at, day)) for day in days] == [1, 0, 0]


def test_of_two_runs_at_once_one_gives_way(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _collected(world_at)
    world_at.clock.move(HALF_A_DAY)
    keep = reviewing.of_stripe
    raced: list[str] = []

    def race(kind: Any, of_day: Any, place: Any) -> reviewing.Reviewed:  # noqa: ANN401 - handed on
        if not raced:
            raced.append(kind)
            reconciling.run(240)
        return keep(kind, of_day, place)

    phases = {
        **reconciling.PHASES,
        "charge": (lambda *given: race("charge", *given), "charges", "refund"),
    }
    monkeypatch.setattr(reconciling, "PHASES", phases)

    reconciling.run(240)

    shown = _seen(world_at)
    assert (shown["status"], shown["charges"], shown["total"]) == ("done", 1, 0)


def test_a_hundred_differences_are_shown_and_all_are_counted(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "SHOWN", 2)
    order_id = _collected(world_at)
    for number in range(3):
        _post(order_id, f"odd-{number}", 10)

    _next_day(world_at)

    shown = _seen(world_at)
    assert (shown["total"], len(shown["differences"])) == (3, 2)


@pytest.mark.parametrize("day", ["2026-11-21", "20261122", "today", "2026-11-2x", "x" * 300])
def test_a_day_that_was_never_compared_is_not_there(world_at: World, day: str) -> None:
    answer = world_at.call("GET", f"/v1/reconciliations/{day}", token=world_at.operator())

    assert answer.status == 404


def _of(world: World, order_id: str) -> str:
    return next(str(one["id"]) for one in world.intents() if one["metadata"]["subject"] == order_id)


def _forget(wanted: Callable[[LedgerEntry], bool]) -> None:
    """Take entries out of the books, which nothing in the product can do."""
    for raw in laws.rows("ledger"):
        entry = dynamo.get(LedgerEntry, raw["pk"], raw["sk"])
        if entry is not None and wanted(entry):
            entry.delete()


def _asked(world: World) -> list[str]:
    asked: list[str] = []

    def note(stage: str, call: Call) -> None:
        asked.append(f"{stage} {call.path}")

    world.stripe.set_fault(note)
    return asked


def _without_tokens(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    stripped = [{name: one[name] for name in one if name != "tx"} for one in rows]
    return sorted(stripped, key=lambda one: (str(one["pk"]), str(one["sk"])))
