"""A store whose till speaks the protocol: every answer is held against the protocol's file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import clock, ids
from chalicelib.integrations import events as integration_events
from tests import people
from tests.opendelivery import protocol
from tests.surroundings import Queue
from tests.world import Reply, World


def uuid(ident: str) -> str:
    return str(ids.to_uuid(ident))


@dataclass
class Desk:
    """A store, and its till."""

    world: World
    store_id: str
    given: str | None = None
    bells: Queue = field(
        default_factory=lambda: Queue("WebhookBells", integration_events.send_webhooks)
    )

    def call(self, method: str, path: str, body: object = None, **more: Any) -> Reply:  # noqa: ANN401 - of World.call
        more.setdefault("token", self.given or people.machine(self.store_id))
        answer = self.world.call(method, f"/opendelivery{path}", body, **more)
        protocol.hold(method, path, answer.status, answer.headers, answer.text)
        return answer

    def settle(self) -> None:
        """Let everything be heard of that has happened."""
        self.world.pump()
        while self.bells.drain():
            self.world.pump()

    def poll(self, query: str = "", **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - the same
        self.settle()
        answer = self.call("GET", f"/v1/events:polling{query}", **more)
        assert answer.status in {200, 204}, answer.text
        found: list[dict[str, Any]] = answer.json if answer.status == 200 else []
        return found

    def take(self) -> list[str]:
        """Poll, acknowledge all, and say what came."""
        found = self.poll()
        if found:
            assert self.ack(found).status == 202
        return [one["eventType"] for one in found]

    def ack(self, events: list[dict[str, Any]]) -> Reply:
        acks = [
            {"id": one["eventId"], "orderId": one["orderId"], "eventType": one["eventType"]}
            for one in events
        ]
        return self.call("POST", "/v1/events/acknowledgment", acks)

    def do(self, order_id: str, word: str, body: object = None) -> Reply:
        return self.call("POST", f"/v1/orders/{uuid(order_id)}/{word}", body)

    def confirm(self, order_id: str, **more: object) -> Reply:
        said = {"createdAt": clock.stamp(clock.now()), "orderExternalCode": "7", **more}
        return self.do(order_id, "confirm", said)

    def order(self, **changed: Any) -> str:  # noqa: ANN401 - of World.paid_order
        return self.world.paid_order(self.store_id, **changed)

    def read(self, order_id: str) -> Any:  # noqa: ANN401 - any JSON
        answer = self.call("GET", f"/v1/orders/{uuid(order_id)}")
        assert answer.status == 200, answer.text
        return answer.json


@contextmanager
def desk_in(world: World) -> Iterator[Desk]:
    store_id = world.store()
    yield Desk(world, store_id)
