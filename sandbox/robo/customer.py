"""A customer: orders, pays in one way or another, changes their mind, opens the door."""

import random

from sandbox.city.client import Refused
from sandbox.robo.caller import Caller
from sandbox.robo.line import Json
from sandbox.robo.ordering import Ordering
from sandbox.robo.pace import Pace, seconds_of
from sandbox.robo.paying import Purse
from sandbox.robo.phone import Phone
from sandbox.robo.scripts import NOBODY, Script
from sandbox.robo.story import Story, Street
from sandbox.robo.tapping import is_over, tap

ENDED = frozenset({"DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED"})
COOKING = frozenset({"CONFIRMED", "PREPARING"})
LOOKS = 480.0  # city seconds between two looks at the app, where no push calls earlier
PAYING_LOOKS = 60.0
TIP = 2_000
REFUND_TRIES, REFUND_PAUSE = 40, 0.5  # wall seconds
CHOICES = {
    Script.NOBODY_WAIT: "wait",
    Script.NOBODY_COLLECT: "collect",
    Script.NOBODY_CANCEL: "cancel",
}


class Customer:
    """One person with one wish. `live` plays it from the click to its end."""

    def __init__(
        self,
        story: Story,
        store_id: str,
        *,
        api: Caller,
        purse: Purse,
        phone: Phone,
        street: Street,
        pace: Pace,
        draw: random.Random,
    ) -> None:
        self._story = story
        self._store_id = store_id
        self._api = api
        self._purse = purse
        self._phone = phone
        self._street = street
        self._pace = pace
        self._draw = draw
        self._ordering = Ordering(
            story, store_id, api=api, purse=purse, street=street, pace=pace, draw=draw
        )
        self._chosen = False
        self._asked_to_cancel = False

    def live(self) -> None:
        """From the click to the end of the order. Raises Over, Refused or Lost."""
        script = self._story.wish.script
        self._story.pin = self._read_pin
        placed = self._ordering.place()
        if script in NOBODY:
            self._street.shun(self._store_id)
        for payment in placed["payments"]:
            held = self._purse.pay(script, payment)
            # Some apps wait for Stripe's own event instead; both ways must lead to the store.
            if held and self._draw.random() < 0.5:  # noqa: PLR2004 - every other one
                tap(self._api, f"{self._path}/payments/confirm", twice=self._story.twice)
        self._follow()
        self._afterwards(script)
        self._story.done = True

    @property
    def _path(self) -> str:
        return f"/v1/orders/{self._story.order_id}"

    def _afterwards(self, script: Script) -> None:
        """Thanks for the courier, or a dish that was missing."""
        if self._story.status == "CANCELLED":
            return
        if script is Script.TIPPED:
            key = f"tip-{self._story.order_id}"
            tip = self._api.post(f"{self._path}/tips", {"amount": TIP}, key=key)
            self._purse.pay(script, tip)
            self._api.post(f"{self._path}/payments/confirm")
        elif script is Script.REFUNDED:
            refund = self._refund_once_taken()
            if refund["status"] == "failed":
                self._story.trouble.append("a refund failed")

    def _refund_once_taken(self) -> Json:
        """Money is taken a moment after the hand-over: until then there is none to give back."""
        for _ in range(REFUND_TRIES):
            try:
                return self._purse.desk.refund_a_dish(self._story.order_id)
            except Refused as refused:
                if refused.status != 422:  # noqa: PLR2004 - nothing was taken yet
                    raise
            self._pace.rest(REFUND_PAUSE)
        return {"status": "failed"}

    def _read_pin(self) -> str:
        """What the customer reads out at the door."""
        return str(self._api.get(f"{self._path}/delivery").get("pin") or "")

    def _follow(self) -> None:
        """Look at the order when the phone calls, and now and then, until it has ended."""
        while True:
            order = self._api.get(self._path)
            self._note(order)
            if order["status"] in ENDED:
                return
            self._act(order)
            self._phone.wait(self._patience(order))

    def _note(self, order: Json) -> None:
        story = self._story
        story.status = order["status"]
        story.owed = order["owed"]["amount"] if order.get("owed") else story.owed
        if order.get("cancellation"):
            story.code, story.fee = order["cancellation"]["code"], order["cancellation"]["fee"]

    def _act(self, order: Json) -> None:
        script, status = self._story.wish.script, order["status"]
        if script is Script.CANCELLED_EARLY and status == "CREATED":
            self._pace.wait(self._draw.uniform(20, 60))
            self._cancel("changed_mind")
        elif script is Script.CANCELLED_LATE and status in COOKING:
            self._cancel("takes_too_long")
        elif script is Script.LET_GO and status in COOKING and not order.get("customer_request"):
            body = {"code": "ordered_by_mistake"}
            tap(self._api, f"{self._path}/ask-to-cancel", body, twice=self._story.twice)
        elif script is Script.STORE_ASKS and _is_asked(order):
            tap(self._api, f"{self._path}/accept-cancellation", twice=self._story.twice)
        elif script in NOBODY:
            self._choose(script)
        if status == "READY_FOR_PICKUP" and order["fulfilment"] == "takeaway":
            self._collect()

    def _cancel(self, code: str) -> None:
        if self._asked_to_cancel:
            return
        self._asked_to_cancel = True
        try:
            tap(self._api, f"{self._path}/cancel", {"code": code}, twice=self._story.twice)
        except Refused as refused:
            if not is_over(refused):
                raise

    def _collect(self) -> None:
        if not self._story.collector.is_set():
            self._pace.wait(self._story.wish.walks)
            self._story.collector.set()

    def _choose(self, script: Script) -> None:
        """Nobody was found to bring it: say what one would rather, once one is asked."""
        if self._chosen or not self._story.status.isupper():
            return
        try:
            delivery = self._api.get(f"{self._path}/delivery")
        except Refused as refused:
            if refused.status == 404:  # noqa: PLR2004 - no delivery has been opened yet
                return
            raise
        if delivery.get("choices"):
            self._pace.wait(self._draw.uniform(10, 40))
            self._street.welcome(self._store_id)
            choice = {"choice": CHOICES[script]}
            tap(self._api, f"{self._path}/no-courier", choice, twice=self._story.twice)
            self._chosen = True

    def _patience(self, order: Json) -> float:
        """How long until the next look, in city seconds."""
        status = order["status"]
        if status == "PENDING_PAYMENT" and order.get("due_at"):
            left = seconds_of(order["due_at"]) - self._pace.now()
            return max(5.0, min(PAYING_LOOKS, left + 5.0))
        hurried = self._story.wish.script in NOBODY | {
            Script.CANCELLED_EARLY,
            Script.CANCELLED_LATE,
            Script.STORE_ASKS,
        }
        return (PAYING_LOOKS if hurried else LOOKS) * self._draw.uniform(0.8, 1.2)


def _is_asked(order: Json) -> bool:
    return bool((order.get("cancellation_request") or {}).get("status") == "open")
