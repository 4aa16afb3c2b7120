"""Cards: what a list shows of a store, small enough to be copied into every list.

Of its zones a card holds what concerns its cell; hours are one word for a span.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.catalog import offers
from chalicelib.catalog.allergens import Diet
from chalicelib.catalog.areas import Clipped
from chalicelib.catalog.hours import Day, DaySpan, Span, SpecialDay
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
    if store.special_hours:
        card["special"] = {
            day.date: " ".join(f"{span.opens}{span.closes}" for span in day.spans)
            for day in store.special_hours
        }
        if why := {day.date: day.reason for day in store.special_hours if day.reason}:
            card["why"] = why
    if slower := [rule for rule in store.preparation_rules if rule.items == 1]:
        card["slower"] = [[one.minutes, list(one.days), one.begins, one.ends] for one in slower]
    if store.rush:
        card["rush"] = [store.rush.minutes, clock.stamp(store.rush.until)]
    if store.price_level:
        card["price_level"] = store.price_level
    if store.rating:
        card["rating"] = [store.rating.hundredths, store.rating.count]
    if store.offers:
        card["offers"] = offers.stored(store.offers)
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
        "special_hours": tuple(
            _special(date, words, card.get("why", {}).get(date))
            for date, words in card.get("special", {}).items()
        ),
        "preparation_minutes": card["preparation"],
        "preparation_rules": tuple(_slower(*one) for one in card.get("slower", ())),
        "rush": _rush(*card["rush"]) if "rush" in card else None,
        "delivered_by": DeliveredBy(card["by"]),
        "price_level": card.get("price_level"),
        "rating": Rating(hundredths=rating[0], count=rating[1]) if rating else None,
        "offers": offers.read(card.get("offers")),
        "pause_reason": PauseReason(reason) if reason else None,
        "paused_until": clock.parse(until) if until else None,
    }
    return Card(Store.model_construct(**fields), card["zones"])


def _special(date: str, words: str, reason: str | None) -> SpecialDay:
    spans = [DaySpan.model_construct(opens=one[:5], closes=one[5:]) for one in words.split()]
    return SpecialDay.model_construct(date=date, spans=tuple(spans), reason=reason)


def _slower(minutes: int, days: Sequence[str], begins: str, ends: str) -> PreparationRule:
    return PreparationRule.model_construct(
        minutes=minutes, days=tuple(map(Day, days)), begins=begins, ends=ends
    )


def _rush(minutes: int, until: str) -> Rush:
    return Rush.model_construct(minutes=minutes, until=clock.parse(until))


def _word(span: Span) -> str:
    return f"{span.day}{span.opens}{span.closes}"


def _span(word: str) -> Span:
    return Span.model_construct(day=Day(word[:3]), opens=word[3:8], closes=word[8:])
