"""A store's kitchen: hears of orders by webhooks alone, and tells how far they are by its till."""

import random
from threading import Event

from sandbox.city.client import Refused
from sandbox.robo.caller import Caller
from sandbox.robo.crew import Crew
from sandbox.robo.line import Json
from sandbox.robo.pace import Pace, moment_of, seconds_of
from sandbox.robo.scripts import Script
from sandbox.robo.story import Story, Street
from sandbox.robo.tapping import is_over, tap

LOOKS_UP = (8.0, 35.0)  # city seconds until somebody has seen a new order
SLOW_TO_CONFIRM = (200.0, 280.0)
LATE = (480.0, 1200.0)
OWN_RIDER = (300.0, 900.0)  # city seconds on the way, where the store brings it itself
BEFORE = 2400.0  # city seconds before an order for later is due, in which it is cooked and brought
LATER = 900.0
STEP = 30.0
ASKED = "order.customer_cancellation_requested"
OVER = frozenset({"order.cancelled", "order.concluded"})


class Kitchen:
    """One store. `hear` takes each message that its webhook receiver has verified."""

    def __init__(
        self, till: Caller, street: Street, pace: Pace, crew: Crew, draw: random.Random
    ) -> None:
        self._till = till
        self._street = street
        self._pace = pace
        self._crew = crew
        self._draw = draw
        self._given_up: dict[str, Event] = {}

    def run_out(self, store_id: str, item_id: str) -> None:
        """Tell that the last of a dish is gone, for today."""
        body = {"things": [{"item_id": item_id}]}
        self._till.post(f"/v1/stores/{store_id}/availability/sold-out", body)

    def hear(self, body: Json) -> None:
        """A message. They may come twice; each order is cooked once."""
        order_id, kind = str(body["subject"]["id"]), str(body["type"])
        story = self._street.story(order_id)
        if story is None:
            return
        if kind == "order.created" and order_id not in self._given_up:
            self._given_up[order_id] = Event()
            self._crew.go(f"ticket {story.wish.number}", lambda: self._serve(story), story)
        elif kind == ASKED:
            self._crew.go(f"answer {story.wish.number}", lambda: self._let_go(story), story)
        elif kind in OVER and order_id in self._given_up:
            self._given_up[order_id].set()

    def _serve(self, story: Story) -> None:
        try:
            if story.wish.script is Script.NO_ANSWER:
                self._come_back(story)
            else:
                self._cook(story)
        except Refused as refused:
            if not is_over(refused):
                raise

    def _let_go(self, story: Story) -> None:
        """Somebody has ordered by mistake, and says so early enough for us."""
        self._pace.wait(self._between(*LOOKS_UP))
        try:
            self._tell(story, "let-go")
        except Refused as refused:
            if not is_over(refused):
                raise

    def _come_back(self, story: Story) -> None:
        """Nobody looked in time: somebody opens again, in case too many orders were let wait."""
        given_up = self._given_up[story.order_id]
        while not given_up.is_set():
            self._pace.wait(STEP)
        self._pace.wait(STEP)
        order = self._till.get(f"/v1/orders/{story.order_id}")
        self._till.post(f"/v1/stores/{order['store_id']}/resume")

    def _cook(self, story: Story) -> None:
        script = story.wish.script
        self._pace.wait(self._between(*self._attention(script)))
        if script is Script.REJECTED:
            self._tell(story, "reject", {"code": "too_busy"})
            return
        order = self._till.get(f"/v1/orders/{story.order_id}")
        self._tell(story, "confirm")
        self._pace.wait(self._between(20, 60))
        if script is Script.STORE_ASKS:
            self._tell(story, "request-cancellation", {"code": "unavailable_item"})
            return
        self._stand_at_the_stove(story, story.wanted_at - BEFORE)
        self._tell(story, "preparing")
        late = self._between(*LATE) if script is Script.LATE_KITCHEN else 0.0
        if script is Script.TOLD_LATER:
            late = self._tell_later(story, order)
        begun = story.wanted_at - BEFORE if story.wanted_at else story.clicked_at
        self._stand_at_the_stove(story, begun + story.wish.cooks + late)
        self._tell(story, "ready")
        story.bag.set()
        self._hand_over(story, order)

    def _tell_later(self, story: Story, order: Json) -> float:
        """Promise it a quarter of an hour later, on a whole minute. So much later it will be."""
        later = seconds_of(order["promised"]["begins"]) + LATER
        moment = moment_of(later - later % 60)
        self._tell(story, "delay", {"promised_for": moment, "reason": "kitchen_busy"})
        return LATER

    def _stand_at_the_stove(self, story: Story, until: float) -> None:
        """Cook on, unless a webhook says that nobody wants it any more."""
        given_up = self._given_up[story.order_id]
        while (left := until - self._pace.now()) > 0 and not given_up.is_set():
            self._pace.wait(min(STEP, left))

    def _hand_over(self, story: Story, order: Json) -> None:
        collected = order["fulfilment"] == "takeaway"
        if collected or story.wish.script is Script.NOBODY_COLLECT:
            self._hand_to_customer(story)
        elif order.get("delivered_by") != "platform":
            self._bring(story)

    def _hand_to_customer(self, story: Story) -> None:
        """Wait until somebody comes for it, and tell that they have."""
        given_up = self._given_up[story.order_id]
        while not story.collector.is_set() and not given_up.is_set():
            self._pace.wait(STEP)
        if not given_up.is_set():
            self._tell(story, "picked-up")

    def _bring(self, story: Story) -> None:
        self._pace.wait(self._between(30, 120))
        self._tell(story, "dispatch")
        self._pace.wait(self._between(*OWN_RIDER))
        self._tell(story, "delivered")

    def _tell(self, story: Story, command: str, body: Json | None = None) -> None:
        tap(self._till, f"/v1/orders/{story.order_id}/{command}", body, twice=story.twice)

    def _attention(self, script: Script) -> tuple[float, float]:
        return SLOW_TO_CONFIRM if script is Script.CANCELLED_EARLY else LOOKS_UP

    def _between(self, least: float, most: float) -> float:
        return self._draw.uniform(least, most)
