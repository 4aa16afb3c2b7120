"""Placing an order: once, however often it is asked, and nobody is shown what is not paid."""

import pytest

from sandbox.stripe.faults import Call, Fault
from tests import laws, people
from tests.world import World

SPLIT = ({"method": "card", "amount": 4000}, {"method": "kakao_pay"})


def _quote(world: World, user: str = "mina") -> str:
    quote = world.quote(world.store(), world.customer(user))
    return str(quote["id"])


def test_the_store_sees_an_order_only_when_the_last_payment_is_held(world_at: World) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id, *SPLIT)
    card, wallet = placed["payments"]

    world_at.pay(card)
    halfway = world_at.confirm(placed["order_id"])
    unseen = world_at.board(store_id)
    world_at.pay(wallet, "kakao_pay")
    world_at.stripe.answer_wallet(wallet["intent_id"], "approve")
    whole = world_at.confirm(placed["order_id"])

    assert (placed["status"], unseen) == ("PENDING_PAYMENT", [])
    assert halfway.json["authorized"]["amount"] == 4000
    assert [one["status"] for one in whole.json["payments"]] == ["authorized"] * 2
    assert world_at.board(store_id) == [placed["order_id"]]


def test_an_unpaid_order_does_not_exist_for_its_store(world_at: World) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id)
    path = f"/v1/orders/{placed['order_id']}"

    answers = [
        world_at.call("GET", path, token=people.machine(store_id)),
        world_at.command(placed["order_id"], "confirm", store_id=store_id),
        world_at.post(f"{path}/reject", {}, token=people.machine(store_id)),
    ]

    assert [one.status for one in answers] == [404] * 3


def test_an_order_that_costs_nothing_is_shown_at_once_and_needs_no_payment(
    world_at: World,
) -> None:
    store_id = world_at.store()

    placed = world_at.order(store_id, items=[{"item_id": "water"}])

    assert (placed["status"], placed["payments"], placed["pay_by"]) == ("CREATED", [], None)
    assert world_at.board(store_id) == [placed["order_id"]]
    (seen,) = laws.orders(world_at)
    assert [event["type"] for event in seen.events] == ["order.created"]
    assert world_at.confirm(placed["order_id"]).json["payments"] == []


def test_an_order_that_costs_nothing_lapses_and_concludes_like_any_other(world_at: World) -> None:
    store_id = world_at.store()
    silent, collected = (
        world_at.order(store_id, items=[{"item_id": "water"}])["order_id"] for _ in range(2)
    )

    world_at.command(collected, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.tick(481)
    world_at.tick(86_401)

    assert world_at.seen(silent)["cancellation"]["code"] == "merchant_no_response"
    assert world_at.seen(collected)["status"] == "CONCLUDED"
    laws.demand(world_at)
    assert world_at.intents() == []


def test_payments_that_do_not_fit_are_refused_and_use_up_nothing(world_at: World) -> None:
    quote = _quote(world_at)

    refused = world_at.try_place(world_at.customer(), quote, {"amount": 1}, {"method": "card"})
    placed = world_at.try_place(world_at.customer(), quote)

    assert (refused.status, refused.json["code"]) == (422, "payments_impossible")
    assert placed.status == 201


def test_a_repetition_is_answered_alike_and_says_so(world_at: World) -> None:
    quote, token = _quote(world_at), world_at.customer()
    first = world_at.try_place(token, quote, *SPLIT, key="one")

    again = [world_at.try_place(token, quote, *SPLIT, key="one") for _ in range(3)]

    assert [(one.status, one.text) for one in again] == [(201, first.text)] * 3
    assert "Idempotent-Replayed" not in first.headers
    assert [one.headers["Idempotent-Replayed"] for one in again] == ["true"] * 3
    assert len(world_at.intents()) == 2


def test_a_repetition_after_the_order_has_gone_on_is_answered_as_it_first_was(
    world_at: World,
) -> None:
    quote, token = _quote(world_at), world_at.customer()
    first = world_at.try_place(token, quote, key="one")
    world_at.pay(first.json["payments"][0])
    world_at.confirm(first.json["order_id"])
    world_at.cancel(first.json["order_id"])
    world_at.pump()

    again = world_at.try_place(token, quote, key="one")

    assert (again.status, again.text) == (201, first.text)


def test_the_same_key_with_another_body_is_refused(world_at: World) -> None:
    quote, token = _quote(world_at), world_at.customer()
    other = _quote(world_at)
    world_at.try_place(token, quote, key="one")

    fresh_quote = world_at.try_place(token, other, key="one")
    same_quote = world_at.try_place(token, quote, {"method": "kakao_pay"}, key="one")

    for refused in (fresh_quote, same_quote):
        assert (refused.status, refused.json["code"]) == (422, "idempotency_key_reused")
    assert len(world_at.intents()) == 1


def test_without_a_key_nothing_is_placed(world_at: World) -> None:
    quote = _quote(world_at)

    refused = world_at.post("/v1/orders", {"quote_id": quote}, token=world_at.customer())

    assert (refused.status, refused.json["code"]) == (400, "idempotency_key_missing")


def test_the_same_key_of_another_principal_is_another_key(world_at: World) -> None:
    mine, theirs = _quote(world_at), _quote(world_at, "jun")

    answers = [
        world_at.try_place(world_at.customer(), mine, key="one"),
        world_at.try_place(world_at.customer("jun"), theirs, key="one"),
    ]

    assert [one.status for one in answers] == [201, 201]
    assert answers[0].json["order_id"] != answers[1].json["order_id"]


@pytest.mark.parametrize("status", [500, 429])
def test_while_stripe_is_down_placing_is_refused_and_a_repetition_finishes_it(
    world_at: World, status: int
) -> None:
    quote, token = _quote(world_at), world_at.customer()
    world_at.stripe.set_fault(lambda _stage, _call: Fault(status, "api_error"))
    down = world_at.try_place(token, quote, *SPLIT, key="one")
    world_at.stripe.set_fault(lambda _stage, _call: None)

    again = world_at.try_place(token, quote, *SPLIT, key="one")

    assert (down.status, down.json["code"]) == (503, "payment_provider_unavailable")
    assert down.headers["Retry-After"] == "1"
    assert again.status == 201
    assert len(world_at.intents()) == 2
    world_at.tick(700)
    laws.demand(world_at)


def test_a_crash_between_the_intents_of_two_payments_leaves_none_twice(world_at: World) -> None:
    quote, token = _quote(world_at), world_at.customer()
    made: list[str] = []

    def second_fails(stage: str, call: Call) -> Fault | None:
        if stage == "before" and call.method == "POST":
            made.append(call.path)
        return Fault() if len(made) > 1 else None

    world_at.stripe.set_fault(second_fails)
    down = world_at.try_place(token, quote, *SPLIT, key="one")
    world_at.stripe.set_fault(lambda _stage, _call: None)
    again = world_at.try_place(token, quote, *SPLIT, key="one")

    assert [down.status, again.status] == [503, 201]
    assert len(world_at.intents()) == 2


def test_a_repetition_of_what_was_finished_still_needs_stripe_for_the_secrets(
    world_at: World,
) -> None:
    quote, token = _quote(world_at), world_at.customer()
    first = world_at.try_place(token, quote, key="one")
    world_at.stripe.set_fault(lambda _stage, _call: Fault())
    down = world_at.try_place(token, quote, key="one")
    world_at.stripe.set_fault(lambda _stage, _call: None)

    again = world_at.try_place(token, quote, key="one")

    assert (down.status, again.status, again.text) == (503, 201, first.text)


def test_a_key_whose_caller_died_is_in_flight_until_its_lease_ends(world_at: World) -> None:
    from tests import faults
    from tests.faults import Crash, Script

    quote, token = _quote(world_at), world_at.customer()
    script = Script()

    def die(call: str) -> None:
        if call.startswith("stripe.POST"):
            raise Crash

    script.before = die
    with faults.following(script), pytest.raises(Crash):
        world_at.try_place(token, quote, key="one")

    early = world_at.try_place(token, quote, key="one")
    world_at.clock.move(16)
    late = world_at.try_place(token, quote, key="one")

    assert (early.status, early.json["code"]) == (409, "idempotency_key_in_flight")
    assert late.status == 201
