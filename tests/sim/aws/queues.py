"""SQS in memory: messages with their visibility, and where they go when nobody can handle them.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
"""

import hashlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sim import environment

DEAD = "BellsDead"


@dataclass
class Message:
    """One message, and how often it was received."""

    ident: str
    body: str
    sent_at: float
    visible_at: float
    received: int = 0


@dataclass
class Queue:
    """A standard queue, with the settings of the template."""

    name: str
    visibility: float
    most_receives: int | None
    messages: dict[str, Message] = field(default_factory=dict)

    def visible(self, now: float) -> list[Message]:
        return [one for one in self.messages.values() if one.visible_at <= now]

    def delete(self, ident: str) -> None:
        self.messages.pop(ident, None)

    def next_at(self) -> float | None:
        return min((one.visible_at for one in self.messages.values()), default=None)


class Queues:
    """Every queue of the template. `rung` is called with the name of a queue that got something."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._numbers = itertools.count(1)
        self.rung: Callable[[str], None] = lambda _: None
        self.by_name: dict[str, Queue] = {}
        self.ever: set[tuple[str, str]] = set()
        """Everything that was ever sent, and where to."""
        for name, resource in environment.template()["Resources"].items():
            if resource.get("Type") == "AWS::SQS::Queue":
                said = resource["Properties"]
                redrive = said.get("RedrivePolicy", {})
                self.by_name[name] = Queue(
                    name, float(said.get("VisibilityTimeout", 30)), redrive.get("maxReceiveCount")
                )

    def send(self, name: str, body: str, delay: float = 0.0) -> Message:
        now = self._now()
        message = Message(f"msg-{next(self._numbers)}", body, now, now + delay)
        self.by_name[name].messages[message.ident] = message
        self.ever.add((name, body))
        self.rung(name)
        return message

    def bury(self, queue: Queue, message: Message) -> None:
        """Give a message up: it lies among the dead, and knows where it came from."""
        queue.delete(message.ident)
        now = self._now()
        self.by_name[DEAD].messages[message.ident] = Message(
            message.ident, json.dumps({"queue": queue.name, "body": message.body}), now, now
        )

    def redrive(self) -> int:
        """Send everything that lies among the dead back to where it came from, as the runbook says.

        What a stream gave up has no queue: the sweep finds its events, so it is only removed.
        """
        dead = self.by_name[DEAD].messages
        waiting, count = list(dead.values()), len(dead)
        dead.clear()
        for one in waiting:
            said = json.loads(one.body)
            if "queue" in said:
                self.send(said["queue"], said["body"])
        return count

    # --- the API -----------------------------------------------------------------------------

    def answer(self, operation: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer a request of the AWS JSON protocol."""
        name = body["QueueUrl"].rpartition("/")[2]
        if operation == "SendMessage":
            return 200, self._sent(name, body)
        assert operation == "SendMessageBatch", operation
        done = [{"Id": one["Id"], **self._sent(name, one)} for one in body["Entries"]]
        return 200, {"Successful": done, "Failed": []}

    def _sent(self, name: str, entry: dict[str, Any]) -> dict[str, Any]:
        text = entry["MessageBody"]
        message = self.send(name, text, float(entry.get("DelaySeconds", 0)))
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return {"MessageId": message.ident, "MD5OfMessageBody": digest}
