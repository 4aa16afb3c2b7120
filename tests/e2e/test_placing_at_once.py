"""Fifty times the same request at the same moment: one order, one payment, one answer."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.http import Reply
from tests.e2e.town import Town

pytestmark = pytest.mark.e2e

CALLERS = 50
# A new account of AWS runs ten functions at once, and fifty workers do not fit a small machine:
# whoever finds none free is turned away by the gateway, and comes again like everybody.
WORKERS = 8
COMES_AGAIN = frozenset({409, 429, 500, 502, 503, 504})


@pytest.fixture
def few_workers(town: Town) -> Iterator[None]:
    functions = town.box.cloud.client("lambda")
    api = {"FunctionName": town.box.deployment.functions["APIHandler"]}
    functions.put_function_concurrency(**api, ReservedConcurrentExecutions=WORKERS)
    yield
    functions.delete_function_concurrency(**api)


@pytest.mark.usefixtures("few_workers")
def test_fifty_identical_requests_at_once_place_one_order_and_get_one_answer(town: Town) -> None:
    customer = town.customer(1)
    store, key = town.store(), town.key()
    quote = town.quote(store, customer)
    together, seen = threading.Barrier(CALLERS), Counter[int]()

    def call(_: int) -> Reply:
        together.wait()
        while True:
            answer = town.api.post("/v1/orders", {"quote_id": quote["id"]}, token=customer, key=key)
            seen[answer.status] += 1
            if answer.status not in COMES_AGAIN:
                return answer
            threading.Event().wait(float(answer.headers.get("retry-after", "1")))

    with ThreadPoolExecutor(max_workers=CALLERS) as crowd:
        answers = list(crowd.map(call, range(CALLERS)))

    assert {answer.status for answer in answers} == {201}, seen
    assert len({answer.text for answer in answers}) == 1, seen
    [first] = [one for one in answers if "idempotent-replayed" not in one.headers]
    order_id = first.json["order_id"]
    assert len(town.intents_of(order_id)) == 1
    mine = town.api.get("/v1/orders", token=customer).expect(200)
    here = [order["id"] for order in mine["items"] if order["store_id"] == store.id]
    assert here == [order_id]


def test_the_same_key_with_another_body_is_refused(town: Town) -> None:
    customer, store, key = town.customer(1), town.store(), town.key()
    first, second = (town.quote(store, customer) for _ in range(2))
    placed = town.api.post("/v1/orders", {"quote_id": first["id"]}, token=customer, key=key)

    other = town.api.post("/v1/orders", {"quote_id": second["id"]}, token=customer, key=key)

    assert placed.status == 201
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
