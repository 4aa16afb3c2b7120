"""Many at the same moment, in real threads: one effect, and everybody is answered."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from chalicelib.payments import finishing, settling
from chalicelib.payments.payment import Subject
from tests import laws
from tests.world import Reply, World

TRIES = 60


def _at_once[T](*jobs: Callable[[], T]) -> list[T]:
    barrier = threading.Barrier(len(jobs))

    def start(job: Callable[[], T]) -> T:
        barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(start, jobs))


def _insisting(world: World, ask: Callable[[], Reply]) -> Callable[[], list[Reply]]:
    """Ask, and ask again after Retry-After as long as the answer is to try again."""

    def insist() -> list[Reply]:
        answers = [ask()]
        while answers[-1].status in {409, 429, 503} and len(answers) < TRIES:
            world.clock.move(int(answers[-1].headers.get("Retry-After", 1)))
            answers.append(ask())
        return answers

    return insist


def test_fifty_identical_requests_at_once_are_one_order_and_one_intent(world_at: World) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)

    def ask() -> Reply:
        return world_at.try_place(world_at.customer(), quote["id"], key="one")

    answers = _at_once(*[_insisting(world_at, ask)] * 50)

    assert {one[-1].status for one in answers} == {201}
    assert len({one[-1].text for one in answers}) == 1
    between = {(one.status, one.json["code"]) for some in answers for one in some[:-1]}
    assert between <= {
        (409, "idempotency_key_in_flight"),
        (429, "too_many_requests"),
        (503, "payments_busy"),
        (503, "payment_provider_unavailable"),
    }
    assert len(world_at.intents()) == 1
    (seen,) = laws.orders(world_at)
    assert [event["type"] for event in seen.events] == ["order.placed"]


def test_a_quote_ordered_with_many_keys_at_once_becomes_one_order(world_at: World) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)

    answers = _at_once(*[lambda: world_at.try_place(token, quote["id"])] * 8)

    assert sorted(one.status for one in answers) == [201, *[409] * 7]
    assert {one.json["code"] for one in answers if one.status == 409} == {"quote_used"}
    assert len(laws.orders(world_at)) == 1


def test_many_settle_the_same_payment_at_once_and_it_is_held_once(world_at: World) -> None:
    placed = world_at.order(world_at.store())
    (payment,) = placed["payments"]
    world_at.pay(payment)
    subject = Subject("order", placed["order_id"])

    legs = _at_once(*[lambda: settling.settle(subject, payment["id"])] * 6)

    assert {leg.status for leg in legs} == {"authorized"}
    (seen,) = laws.orders(world_at)
    assert [event["type"] for event in seen.events] == ["order.placed", "order.created"]
    assert int(seen.payment["authorized"]) == 9000


def test_many_finish_the_same_order_at_once_and_it_is_captured_and_posted_once(
    world_at: World,
) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)

    _at_once(*[lambda: finishing.settle_up(Subject("order", order_id))] * 4)

    world_at.tick(86_401)
    laws.demand(world_at)
    (seen,) = laws.orders(world_at)
    assert seen.captured == 9000
    assert [entry["transaction"] for entry in seen.entries].count("sale") == 4


def test_of_a_payment_and_a_cancellation_at_once_either_wins_and_no_money_stays(
    world_at: World,
) -> None:
    store_id = world_at.store()

    for _ in range(6):
        placed = world_at.order(store_id)
        world_at.pay(placed["payments"][0])
        answers = _at_once(
            partial(world_at.confirm, placed["order_id"]),
            partial(world_at.cancel, placed["order_id"]),
        )
        assert answers[1].status == 200

    world_at.tick(200)
    laws.demand(world_at)
    assert {intent["status"] for intent in world_at.intents()} == {"canceled"}


def test_of_a_confirmation_and_a_cancellation_at_once_the_fee_is_that_of_who_came_first(
    world_at: World,
) -> None:
    store_id = world_at.store()

    for _ in range(6):
        order_id = world_at.paid_order(store_id)
        confirmed, cancelled = _at_once(
            partial(world_at.command, order_id, "confirm", store_id=store_id),
            partial(world_at.cancel, order_id),
        )
        fee = cancelled.json["cancellation"]["fee"]
        assert fee == (2_700 if confirmed.status == 200 else 0)

    world_at.tick(200)
    laws.demand(world_at)
