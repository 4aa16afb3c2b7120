"""A city of its own, five times as fast: what is killed, what stops, what is forbidden."""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from infra.packaging import Package, package
from sandbox.cloud.deploying import deploy
from sandbox.ports import Ports
from sandbox.running import FAKE_KEY, Sandbox
from tests.e2e import logs
from tests.e2e.http import Reply, eventually
from tests.e2e.running import free_ports, up
from tests.e2e.town import Store, Town

pytestmark = pytest.mark.e2e

RATE = 5.0
VISIBILITY = 180
FORBIDDEN = "dynamodb:UpdateItem"


class City:
    """A sandbox that a test may stop and start. Its state stays in its run directory."""

    def __init__(self, run_dir: Path, ports: Ports) -> None:
        self._run_dir, self._ports = run_dir, ports
        self._running = ExitStack()

    def start(self) -> Town:
        town = Town(self._running.enter_context(up(self._run_dir, self._ports, rate=RATE)))
        town.people()
        _hurry_queues(town.box)
        return town

    def stop(self) -> None:
        self._running.close()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = City(tmp_path_factory.mktemp("city"), free_ports())
    yield made
    made.stop()


@pytest.fixture(scope="module")
def fast(city: City) -> Town:
    return city.start()


def _hurry_queues(box: Sandbox) -> None:
    """What failed comes again as much sooner as everything else here is faster."""
    sqs = box.cloud.client("sqs")
    for name, url in box.deployment.queues.items():
        if not name.endswith("Dead"):
            seconds = {"VisibilityTimeout": str(int(VISIBILITY / RATE))}
            sqs.set_queue_attributes(QueueUrl=url, Attributes=seconds)


def kill_workers(box: Sandbox) -> int:
    """`kill -9` of every process that runs functions. How many there were."""
    cloud = box.supervisor.pid("cloud")
    tasks = Path(f"/proc/{cloud}/task").glob("*/children")
    workers = [int(pid) for task in tasks for pid in task.read_text().split()]
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    return len(workers)


def kill_stripe(box: Sandbox) -> None:
    os.kill(box.supervisor.pid("stripe"), signal.SIGKILL)


def stubbornly(ask: Callable[[], Reply], *, killing: Callable[[], object] | None = None) -> Any:  # noqa: ANN401 - any JSON
    """Ask until it is answered, as every client must. `killing` happens under the first request."""

    def answered() -> Reply | None:
        try:
            answer = ask()
        except (OSError, HTTPException):
            return None
        return answer if answer.status < 500 else None

    with ThreadPoolExecutor(max_workers=1) as client:
        first: Future[Reply | None] = client.submit(answered)
        if killing:
            killing()
    answer = first.result() or eventually(answered, what="an answer")
    assert answer is not None
    assert answer.status in {200, 201}, answer.text
    return answer.json


def test_killing_the_workers_and_stripe_in_mid_order_loses_and_doubles_nothing(fast: Town) -> None:
    box, customer, store = fast.box, fast.customer(), fast.store()
    quote, key = fast.quote(store, customer), fast.key()
    body = {"quote_id": quote["id"]}

    placed = stubbornly(
        lambda: fast.api.post("/v1/orders", body, token=customer, key=key),
        killing=lambda: kill_workers(box),
    )
    order_id = placed["order_id"]
    fast.pay(placed)
    kill_stripe(box)
    fast.await_status(order_id, "CREATED", customer)
    fast.command(order_id, ("confirm", "preparing", "ready"), store)
    stubbornly(
        lambda: fast.api.post(f"/v1/orders/{order_id}/picked-up", token=store.machine),
        killing=lambda: kill_workers(box),
    )
    kill_stripe(box)
    kill_workers(box)
    taken = fast.await_intent(placed, "succeeded")
    books = fast.await_books(order_id)

    assert taken["amount_received"] == 9000
    assert len(fast.intents_of(order_id)) == 1
    assert books["balance"] == 0
    fast.await_told(
        store,
        order_id,
        "order.created",
        "order.confirmed",
        "order.preparing",
        "order.ready_for_pickup",
        "order.picked_up",
    )


def test_a_stop_and_a_start_keep_orders_and_tokens_and_a_deadline_that_passed_meanwhile_is_met(
    city: City, fast: Town
) -> None:
    customer = fast.customer()
    busy, silent = fast.store(), fast.store(confirm_seconds=180)
    cooking = fast.paid_order(busy, customer)
    fast.command(cooking["order_id"], ("confirm",), busy)
    ignored = fast.paid_order(silent, customer)
    fast.await_told(silent, ignored["order_id"], "order.created")

    city.stop()
    again = city.start()

    assert again.order(cooking["order_id"], customer)["status"] == "CONFIRMED"
    again.command(cooking["order_id"], ("ready", "picked-up"), busy)
    assert again.await_intent(cooking, "succeeded")["amount_received"] == 9000
    # Only the sweep can have done it: reading the order would meet its deadline, too.
    _await_told_but_for_reminders(again, silent, ignored["order_id"])
    cancelled = again.order(ignored["order_id"], customer)["cancellation"]
    assert (cancelled["code"], cancelled["fee"]) == ("merchant_no_response", 0)
    assert again.await_intent(ignored, "canceled")["amount_received"] == 0
    assert logs.dead_letters(again.box) == {}
    fast.box = again.box


def _await_told_but_for_reminders(town: Town, store: Store, order_id: str) -> None:
    """How many reminders came before the end depends on how long the stop took."""

    def heard() -> bool:
        types = [message["type"] for message in town.told(store, order_id)]
        others = [one for one in types if one != "order.confirmation_overdue"]
        assert others == ["order.created", "order.cancelled"], types
        return True

    eventually(heard, what="the store hearing that its order is cancelled")


def test_a_permission_that_is_missing_is_seen_and_leaves_the_money_untaken(
    fast: Town, tmp_path: Path
) -> None:
    _deploy_without(fast.box, tmp_path, "SettlePaymentsRole")
    customer, store = fast.customer(1), fast.store()

    placed = fast.place(customer, fast.quote(store, customer))
    order_id = placed["order_id"]
    fast.pay(placed)
    # The API's own role is whole: the browser's confirmation shows the order to its store.
    fast.api.post(f"/v1/orders/{order_id}/payments/confirm", token=customer).expect(200)
    fast.command(order_id, ("confirm", "ready", "picked-up"), store)

    refusals = eventually(lambda: logs.refusals(fast.box), what="a refusal in the logs")

    assert {line.partition(":")[0] for line in refusals} == {"SettlePayments"}
    assert fast.intent(placed)["status"] == "requires_capture"
    assert fast.books(order_id)["entries"] == []


def _deploy_without(box: Sandbox, folder: Path, role: str) -> None:
    """The same stack, updated by a template in which a role lacks one action."""
    whole = package(Path("build"), "local", "ieum")
    template = whole.template()
    [policy] = template["Resources"][role]["Properties"]["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        if isinstance(statement["Action"], list) and FORBIDDEN in statement["Action"]:
            statement["Action"].remove(FORBIDDEN)
    shutil.copy2(whole.zip, folder / whole.zip.name)
    (folder / whole.template_file.name).write_text(json.dumps(template))
    [stack] = box.cloud.client("cloudformation").describe_stacks(StackName=box.deployment.stack)[
        "Stacks"
    ]
    deploy(
        box.cloud,
        Package(folder, whole.architecture, whole.digest),
        parameters={one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]},
        secrets={"stripe": {"api_key": FAKE_KEY, "webhook_secrets": [box.stripe_secret]}},
    )
