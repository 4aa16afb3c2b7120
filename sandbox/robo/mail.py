"""The webhooks' way to the kitchens: the receiver's feed, read as it grows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.robo.kitchen import Kitchen
from sandbox.robo.line import Json, Line, Lost
from sandbox.robo.pace import Over, Pace, seconds_of
from sandbox.robo.story import Street

WAIT = 10
OK = 200


@dataclass
class Heard:
    """Webhooks as they came in: how many, and how late each was, in city seconds."""

    count: int = 0
    lags: list[float] = field(default_factory=list)

    def forget(self) -> None:
        """Count anew."""
        self.count = 0
        self.lags.clear()


class Mail:
    """Reads the feed of the stores' receiver and hands each message to its kitchen."""

    def __init__(
        self, receiver: Line, kitchens: Mapping[str, Kitchen], street: Street, pace: Pace
    ) -> None:
        self.heard = Heard()
        self._receiver = receiver
        self._kitchens = kitchens
        self._street = street
        self._pace = pace
        self._seen: set[str] = set()
        self._place = ("", 0)

    def read(self, on_story: Callable[[Json], None] = lambda _: None) -> None:
        """Until the play is over. The receiver may die and come back: nothing is heard twice."""
        while not self._pace.over:
            generation, after = self._place
            path = f"/feed?generation={generation}&after={after}&wait={WAIT}"
            try:
                reply = self._receiver.ask("GET", path, b"", {}, WAIT + 5.0)
            except Lost:
                self._pace.rest(0.2)
                continue
            if reply.status != OK:
                raise Lost(f"the receiver's feed: {reply.status}")
            told = reply.body
            self._place = (str(told["generation"]), int(told["next"]))
            for message in told["messages"]:
                self._hand_on(message)
                on_story(message)
        raise Over

    def _hand_on(self, message: Json) -> None:
        if message["id"] in self._seen:
            return
        self._seen.add(message["id"])
        body = message["body"]
        if body.get("subject", {}).get("kind") != "order":
            return
        happened = seconds_of(body["timestamp"])
        self.heard.count += 1
        self.heard.lags.append(self._pace.city(seconds_of(message["received_at"])) - happened)
        story = self._street.story(str(body["subject"]["id"]))
        if story is not None:
            story.stages.setdefault(str(body["type"]), happened)
        kitchen = self._kitchens.get(str(message["store_id"]))
        if kitchen is not None:
            kitchen.hear(body)
