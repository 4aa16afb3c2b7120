"""Cards: what a list shows of a store, small enough to be copied into every list.

Of its zones a card holds what concerns its cell; hours are one word for a span.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from chalicelib.catalog.allergens import Diet
from chalicelib.catalog.areas import Clipped
from chalicelib.catalog.hours import Day, Span, SpecialDay
from chalicelib.catalog.preparing import PreparationRule, Rush
from chalicelib.catalog.schemas import Rating, Store
from chalicelib.catalog.status import (
    DeliveredBy,
    Fulfilment,
    PauseReason,
    StoreKind,
    StoreStatus,
)
from chalicelib.catalog.zones import Point
from chalicelib.core import clock

AS_IT_IS: Final = ("id", "names", "kind", "city", "timezone", "currency")
MODELS: Final = ("special_hours", "preparation_rules")
LISTS: Final = ("cuisines", "diets", "fulfilment")


@dataclass(frozen=True, slots=True)
class Card:
    """A store as a list knows it. Of `store` only what a card holds is there."""

    store: Store
    zones: Sequence[Clipped]


def written(store: Store, zones: Sequence[Clipped]) -> str:
    """A card as it is stored."""
    card: dict[str, Any] = {
        **{name: getattr(store, name) for name in AS_IT_IS},
        **{name: list(getattr(store, name)) for name in LISTS if getattr(store, name)},
        "at": store.location.coordinates,
        "hours": " ".join(_word(span) for span in store.hours),
        "preparation": store.preparation_minutes,
        "by": store.delivered_by,
        "zones": zones,
    }
    for name in MODELS:
        if said := getattr(store, name):
            card[name] = [one.model_dump(mode="json", exclude_none=True) for one in said]
    if store.rush:
        card["rush"] = store.rush.model_dump(mode="json")
    if store.price_level:
        card["price_level"] = store.price_level
    if store.rating:
        card["rating"] = [store.rating.hundredths, store.rating.count]
    if store.pause_reason:
        until = clock.stamp(store.paused_until) if store.paused_until else None
        card["paused"] = [store.pause_reason, until]
    return json.dumps(card, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Card:
    """The card that `written` wrote, of this release or another: what it lacks has its default."""
    card = json.loads(text)
    reason, until = card.get("paused", (None, None))
    rating = card.get("rating")
    fields: dict[str, Any] = {
        **{name: card[name] for name in AS_IT_IS},
        "status": StoreStatus.LIVE,
        "kind": StoreKind(card["kind"]),
        "cuisines": tuple(card.get("cuisines", ())),
        "diets": tuple(map(Diet, card.get("diets", ()))),
        "fulfilment": tuple(map(Fulfilment, card["fulfilment"])),
        "location": Point.model_construct(type="Point", coordinates=tuple(card["at"])),
        "hours": tuple(map(_span, card["hours"].split())),
        "preparation_minutes": card["preparation"],
        "delivered_by": DeliveredBy(card["by"]),
        "price_level": card.get("price_level"),
        "rating": Rating(hundredths=rating[0], count=rating[1]) if rating else None,
        "pause_reason": PauseReason(reason) if reason else None,
        "special_hours": _each(SpecialDay, card.get("special_hours", ())),
        "preparation_rules": _each(PreparationRule, card.get("preparation_rules", ())),
        "rush": Rush.model_validate_json(json.dumps(card["rush"])) if "rush" in card else None,
        "paused_until": clock.parse(until) if until else None,
    }
    return Card(Store.model_construct(**fields), card["zones"])


def _each[M: BaseModel](model: type[M], said: Sequence[Any]) -> tuple[M, ...]:
    return tuple(model.model_validate_json(json.dumps(one)) for one in said)


def _word(span: Span) -> str:
    return f"{span.day}{span.opens}{span.closes}"


def _span(word: str) -> Span:
    return Span.model_construct(day=Day(word[:3]), opens=word[3:8], closes=word[8:])
