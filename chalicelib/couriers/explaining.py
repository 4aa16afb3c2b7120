"""Why a courier was asked: what was kept with the decision, and the same in plain words.

An assignment is the decision behind an offer, and has its id. It says which rule of which version
chose whom among whom, and for which reason. See docs/dispatch.md.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.core import clock, dynamo
from chalicelib.core.errors import NotFoundError
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.couriers import rights
from chalicelib.couriers.assignment_schemas import Explained, Explanation
from chalicelib.couriers.models import (
    Assignment,
    OfferItem,
    assignment_key,
    courier_key,
    offer_key,
)
from chalicelib.couriers.schemas import Language

FOLDER = Path(__file__).parent / "texts"
MINUTE = 60


def explain(assignment_id: str, caller: Caller) -> Explanation:
    """Why somebody was asked: the courier reads it in words, an operator all that was weighed.

    Raises NotFoundError (404) for an assignment of another's, ForbiddenError (403).
    """
    kept = demand(assignment_id, caller, rights.ASSIGNMENT_EXPLAIN)
    decision: Mapping[str, Any] = kept.decision
    whole = Role.OPERATOR in caller.roles
    return Explanation(
        id=kept.id,
        delivery_ids=tuple(kept.deliveries),
        decided_at=clock.parse(kept.at),
        rule=decision["rule"],
        reason=decision["reason"],
        words=Explained(**{language: list(_said(language, decision)) for language in Language}),
        features=decision["features"],
        courier_id=kept.courier_id if whole else None,
        candidates=decision["candidates"] if whole else None,
        weights=decision.get("weights", {}) if whole else None,
    )


def demand(assignment_id: str, caller: Caller, right: Right) -> Assignment:
    """The assignment, for who was asked or an operator. Raises NotFoundError (404)."""
    kept = dynamo.get(Assignment, assignment_key(assignment_id)) or _older(assignment_id, caller)
    if kept is None:
        raise NotFoundError
    is_theirs = kept.courier_id == caller.id
    right.demand(caller, own=caller.roles & {Role.COURIER} if is_theirs else frozenset())
    return kept


def _older(assignment_id: str, caller: Caller) -> Assignment | None:
    """Offers of the first release carry their decision, and are found by who was asked."""
    offer = dynamo.get(OfferItem, courier_key(caller.id), offer_key(assignment_id))
    if offer is None or offer.decision is None:
        return None
    found = Assignment(assignment_key(assignment_id))
    found.id, found.courier_id, found.deliveries = offer.id, offer.courier_id, [offer.delivery_id]
    found.decision, found.at = offer.decision, offer.until
    return found


def _said(language: Language, decision: Mapping[str, Any]) -> Iterator[str]:
    """What a courier is told, sentence by sentence."""
    texts, features = _texts(language), decision["features"]
    yield texts["why"].get(decision["reason"], texts["why"]["other"])
    facts = texts["fact"]
    if features.get("pinned"):
        yield facts["pinned"]
    if features.get("deliveries", 1) > 1:
        yield facts["several"].format(count=features["deliveries"])
    if "seconds_to_pickup" in features:
        yield facts["way"].format(minutes=_minutes(features["seconds_to_pickup"]))
    until_ready = features.get("seconds_until_ready", 0)
    ready = facts["ready_in"].format(minutes=_minutes(until_ready))
    yield ready if until_ready > 0 else facts["ready"]
    if features.get("seconds_open", 0) >= MINUTE:
        yield facts["open"].format(minutes=_minutes(features["seconds_open"]))
    count = features.get("candidates", len(decision["candidates"]))
    if count:
        yield facts["alone"] if count == 1 else facts["candidates"].format(count=count)
    if features.get("refused_by"):
        yield facts["refused"].format(count=features["refused_by"])
    yield from texts["end"].values()


def _minutes(seconds: int) -> int:
    return max(1, math.ceil(seconds / MINUTE))


@cache
def _texts(language: Language) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
