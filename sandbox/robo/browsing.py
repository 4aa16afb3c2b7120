"""How somebody comes to an order: the stores near the door, a search, a menu, the day's slots."""

import math
import random
from urllib.parse import urlencode

from sandbox.robo.caller import Caller
from sandbox.robo.line import Json
from sandbox.robo.pace import Pace, seconds_of
from sandbox.robo.story import Story

SEARCHES = 0.3
"""So many look for a store by its name; the others read the list near their door."""
PAGE = 50
MOST_PAGES = 6
AHEAD = 45 * 60.0  # city seconds: who orders for later wants it no sooner


class Browser:
    """Somebody with a phone, who knows which store they would like."""

    def __init__(
        self, story: Story, store_id: str, *, api: Caller, pace: Pace, draw: random.Random
    ) -> None:
        self._story = story
        self._store_id = store_id
        self._api = api
        self._pace = pace
        self._draw = draw

    def find(self) -> None:
        """See the store where one would look for it. An oddity of the story, where it is not."""
        wish = self._story.wish
        if wish.drop_off and (not wish.named or self._draw.random() >= SEARCHES):
            lon, lat = wish.drop_off["location"]["coordinates"]
            asked = {"lat": lat, "lon": lon, "fulfilment": wish.fulfilment, "limit": PAGE}
            self._expect("/v1/stores/nearby", asked)
        elif wish.named:
            self._expect("/v1/search", {"q": wish.named, "city": wish.city})

    def menu(self) -> Json:
        """What there is, and what of it is gone."""
        return self._api.get(f"/v1/stores/{self._store_id}/menu")

    def another_dish(self, than: str) -> list[Json]:
        """A dish that there is, instead of one that is gone. Nothing where none is left."""
        menu = self.menu()
        gone = {one["item_id"] for one in menu["unavailable"] if not one.get("option_id")}
        others = [
            item
            for category in menu["categories"]
            for item in category["items"]
            if item["id"] not in gone | {than} and is_plain(item)
        ]
        return [{"item_id": others[0]["id"], "quantity": self._enough(others[0])}] if others else []

    def _enough(self, item: Json) -> int:
        price: int = item["price"]
        return max(1, math.ceil(self._story.wish.least / price))

    def slot(self) -> str:
        """The first moment of the evening that one would like. Empty where there is none left."""
        wish = self._story.wish
        asked: Json = {"fulfilment": wish.fulfilment}
        if wish.drop_off:
            asked["lon"], asked["lat"] = wish.drop_off["location"]["coordinates"]
        path = f"/v1/stores/{self._store_id}/slots?{urlencode(asked)}"
        earliest = self._pace.now() + AHEAD
        moments = (str(one["scheduled_for"]) for one in self._api.get(path)["items"])
        return next((one for one in moments if seconds_of(one) >= earliest), "")

    def _expect(self, path: str, asked: Json) -> None:
        cursor: str | None = ""
        for _ in range(MOST_PAGES):
            page = self._api.get(f"{path}?{urlencode({**asked, **_after(cursor)})}")
            if any(one["id"] == self._store_id for one in page["data"]):
                return
            cursor = page["next_cursor"]
            if cursor is None:
                break
        self._story.oddities.append(f"the store was not found by {path}")


def is_plain(item: Json) -> bool:
    """Whether an item is ordered without a choice and by anybody."""
    chosen = any(group["min"] for group in item["option_groups"])
    return not chosen and item["price"] > 0 and not item["age_restricted"]


def _after(cursor: str | None) -> Json:
    return {"cursor": cursor} if cursor else {}
