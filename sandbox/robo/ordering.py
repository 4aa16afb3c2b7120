"""From a wish to an order: looking, pricing, placing; and another dish where one is gone."""

import random
import uuid

from sandbox.city.client import Refused
from sandbox.robo.browsing import Browser
from sandbox.robo.caller import Caller
from sandbox.robo.desk import GIVEN
from sandbox.robo.line import Json
from sandbox.robo.pace import Pace, seconds_of
from sandbox.robo.paying import Purse, method
from sandbox.robo.scripts import Script
from sandbox.robo.story import Story, Street
from sandbox.robo.tapping import tap

LEAST_BY_CARD = 100
CODE = "DINNER"
"""A code that the platform gives a discount for, this evening."""
LIMIT = "_limit"
DISHES = 4
"""So many dishes one tries before one goes without."""


class Ordering:
    """Somebody's order, until it is placed."""

    def __init__(
        self,
        story: Story,
        store_id: str,
        *,
        api: Caller,
        purse: Purse,
        street: Street,
        pace: Pace,
        draw: random.Random,
    ) -> None:
        self._story = story
        self._store_id = store_id
        self._api = api
        self._purse = purse
        self._street = street
        self._pace = pace
        self._browser = Browser(story, store_id, api=api, pace=pace, draw=draw)

    def place(self) -> Json:
        """From the click to the placed order. Raises Refused, Lost or Over."""
        wish, story = self._story.wish, self._story
        story.clicked_at = self._pace.now()
        request: Json = {
            "store_id": self._store_id,
            "fulfilment": wish.fulfilment,
            "items": list(wish.items),
        }
        if wish.drop_off:
            request["drop_off"] = wish.drop_off
        self._browser.find()
        if wish.script is Script.DISCOUNTED:
            request["codes"] = [CODE]
        if wish.script is Script.FOR_LATER:
            self._wait_for_a_slot(request)
        placed = self._place(request)
        story.total, story.currency = placed["total"]["amount"], placed["total"]["currency"]
        self._street.placed(story, placed["order_id"])
        return placed

    def _wait_for_a_slot(self, request: Json) -> None:
        """Want it later this evening, if there still is a slot."""
        moment = self._browser.slot()
        if moment:
            request["scheduled_for"] = moment
            self._story.wanted_at = seconds_of(moment)
        else:
            self._story.oddities.append("there was no slot for later")

    def _place(self, request: Json) -> Json:
        """Order it; where the dish is gone meanwhile, another one."""
        story, left = self._story, DISHES
        while True:
            left -= 1
            try:
                quote = self._api.post("/v1/quotes", request)
                self._look_at_price(quote)
                body = {"quote_id": quote["id"], "payments": self._payments(quote["total"])}
                key = f"robo-{uuid.uuid4()}"
                return tap(self._api, "/v1/orders", body, twice=story.twice, key=key)
            except Refused as refused:
                if left and refused.code.endswith(LIMIT):
                    self._appeal(refused.code)
                    continue
                dish = request["items"][0]["item_id"]
                others = self._browser.another_dish(dish) if left and is_gone(refused) else []
                if not others:
                    raise
                request["items"] = others
                story.happened.add("dish gone")

    def _appeal(self, limit: str) -> None:
        """Forty people who eat a thousand times in an evening meet limits; a person lifts them."""
        said = {"limit": limit, "text": "I play an evening."}
        made = self._api.post("/v1/appeals", said, key=f"robo-{uuid.uuid4()}")
        self._purse.desk.grant(made["id"])

    def _look_at_price(self, quote: Json) -> None:
        """What a code takes off; and, in one story, that somebody else was faster meanwhile."""
        story, script = self._story, self._story.wish.script
        lines = [one["kind"] for one in quote["priced"]["price"]]
        if script is Script.DISCOUNTED and "discount" not in lines:
            story.oddities.append("the code took nothing off")
        if script is Script.DISH_GONE and "dish gone" not in story.happened:
            self._street.runs_out(self._store_id, story.wish.items[0]["item_id"])

    def _payments(self, total: Json) -> list[Json]:
        """A voucher first, where there is one; the rest, if any, in the script's way."""
        script = self._story.wish.script
        rest: list[Json] = [{"method": method(script)}]
        if script is not Script.STORED_VALUE:
            return rest
        voucher = self._purse.desk.give_value(total["currency"])
        amount = min(GIVEN, total["amount"])
        if 0 < total["amount"] - amount < LEAST_BY_CARD:
            amount -= LEAST_BY_CARD
        paid: Json = {"method": "balance", "balance_id": voucher, "amount": amount}
        return [paid] if amount == total["amount"] else [paid, *rest]


def is_gone(refused: Refused) -> bool:
    """Whether it was refused because of a dish."""
    errors = refused.problem.get("errors") or []
    pointers = [str(one.get("pointer", "")) for one in errors]
    is_quote = refused.code == "quote_impossible" and bool(pointers)
    return refused.code == "items_gone" or (
        is_quote and all(one.startswith("/items/") for one in pointers)
    )
