"""How Lambda empties a queue: at least once, in no order, several at a time, five times at most.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from functools import partial
from typing import TYPE_CHECKING, Any

from tests.sim.aws.queues import Message, Queue
from tests.sim.faults import ARRIVAL, Fault
from tests.sim.gateway import Broken
from tests.sim.pumps.functions import Function

if TYPE_CHECKING:
    from tests.sim.world import World

POLL = 0.2


class QueuePump:
    """One function that empties one queue."""

    def __init__(self, world: "World", function: Function) -> None:
        self._world = world
        self._function = function
        self._queue: Queue = world.queues.by_name[function.queue]
        self._under_way = 0
        self._polls = 0
        self._next: float | None = None
        self.down = False

    @property
    def name(self) -> str:
        return self._queue.name

    def ring(self) -> None:
        """Something may be there to be read."""
        when = self._queue.next_at()
        if when is None:
            return
        scheduler = self._world.scheduler
        noise = self._world.chance.at("poll", self.name, self._polls)
        at = max(when, scheduler.now) + POLL * noise
        if self._next is not None and self._next <= at:
            return
        self._next = at
        scheduler.at(at, partial(self._poll, at))

    def _poll(self, at: float) -> None:
        if self._next != at:
            return
        self._next = None
        self._polls += 1
        if self.down or self._under_way >= self._function.concurrency:
            return  # whoever ends, or brings it up again, rings
        now = self._world.scheduler.now
        ready = self._alive(self._queue.visible(now))
        if ready:
            batch = self._choose(ready)
            for one in batch:
                one.received += 1
                one.visible_at = now + self._queue.visibility
            self._under_way += 1
            pump = f"pump {self._function.name}"
            self._world.scheduler.spawn(f"{pump}#{self._polls}", lambda: self._hand_over(batch))
        self.ring()

    def _alive(self, messages: list[Message]) -> list[Message]:
        most = self._queue.most_receives
        for one in messages:
            if most is not None and one.received >= most:
                self._world.queues.bury(self._queue, one)
        return [one for one in messages if one.ident in self._queue.messages]

    def _choose(self, ready: list[Message]) -> list[Message]:
        """Some of them, in an order that nobody may rely on."""
        place = ("batch", self.name, self._polls)
        at = self._world.chance.at
        size = 1 + int(at(*place) * min(self._function.batch, len(ready)))
        return sorted(ready, key=lambda one: at("order", *place, one.ident))[:size]

    def _hand_over(self, batch: list[Message]) -> None:
        try:
            site = f"{self.name} -> {self._function.name}"
            fault = self._world.arrival(site, ARRIVAL)
            if fault in {Fault.DELAYED, Fault.REORDERED}:
                self._world.scheduler.pause(0.5 + 20 * self._world.noise("late", site, self._polls))
            if fault is Fault.FAILS_BEFORE:  # received, and nobody was there: it comes again
                return
            failed = self._invoke(batch)
            if fault in {Fault.DUPLICATED, Fault.FAILS_AFTER}:  # the deletion did not arrive
                for one in batch:
                    one.visible_at = self._world.scheduler.now + 1
                return
            for one in batch:
                if one.ident not in failed:
                    self._queue.delete(one.ident)
        finally:
            self._under_way -= 1
            if not self._world.ended:
                self.ring()

    def _invoke(self, batch: list[Message]) -> set[str]:
        event = {"Records": [self._record(one) for one in batch]}
        function = self._function
        try:
            answer = self._world.invoke(function.name, lambda: function.handler(event, None))
        except Broken:
            return {one.ident for one in batch}
        return {one["itemIdentifier"] for one in answer["batchItemFailures"]}

    def _record(self, message: Message) -> dict[str, Any]:
        return {
            "messageId": message.ident,
            "receiptHandle": message.ident,
            "body": message.body,
            "attributes": {"ApproximateReceiveCount": str(message.received)},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{self.name}",
            "awsRegion": "us-east-1",
        }
