"""Who is asked to bring what, and when: pure. A state goes in, a plan comes out.

`nearest` is the plainest policy. Runs use the optimiser's (`optimising/asking.py`), which falls
back on it for who would stand idle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.catalog.zones import Corner
from chalicelib.couriers import travelling
from chalicelib.couriers.status import Vehicle

RULE = "nearest-1"
MARGIN_SECONDS = 90
"""What lies between an offer and setting off: the courier's answer (45 s), and getting ready."""
SILENT_SECONDS = 300
"""A free courier unheard of for so long is not asked."""
LOOK_AGAIN_SECONDS = 60
KEPT_CANDIDATES = 20
"""So many of those who might have been asked are kept with a decision, the nearest."""


@dataclass(frozen=True, slots=True)
class Free:
    """A courier who may be asked: on duty, not leaving, without a job and without an offer."""

    courier_id: str
    vehicle: Vehicle
    at: Corner
    located_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """A courier who may not be asked yet: the job in hand should be over then, about there."""

    courier_id: str
    vehicle: Vehicle
    at: Corner
    free_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Wanting:
    """A delivery that looks for a courier and that nobody is being asked for."""

    delivery_id: str
    store_id: str
    pickup: Corner
    drop: Corner
    ready_at: datetime
    promised_by: datetime
    opened_at: datetime
    refused: frozenset[str] = frozenset()
    declined: int = 0
    """How many have said no, or not answered: who is refused otherwise is barred by an operator."""
    pinned: bool = False
    """Whether an operator has said who alone is to be asked."""


@dataclass(frozen=True, slots=True)
class ZoneState:
    """Supply and demand of a zone at one moment."""

    now: datetime
    couriers: tuple[Free, ...]
    deliveries: tuple[Wanting, ...]
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might have been asked, and how long the way to the store would take."""

    courier_id: str
    seconds_to_pickup: int


@dataclass(frozen=True, slots=True)
class Decision:
    """That this courier is asked, and why: kept with the offer, so that it can be explained.

    `weights` are what the rule weighed against what, where it weighs anything; `along` are the
    deliveries that go with the first, in the order of their doors.
    """

    delivery_id: str
    courier_id: str
    reason: str
    candidates: tuple[Candidate, ...]
    features: Mapping[str, int]
    rule: str = RULE
    weights: Mapping[str, float] = field(default_factory=dict)
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done now, and when there will be something to decide though nothing changes.

    `later` are deliveries for which somebody is there and it is too early: until when.
    """

    decisions: tuple[Decision, ...] = ()
    next_wake: datetime | None = None
    later: Mapping[str, datetime] = field(default_factory=dict)


class Policy(Protocol):
    """What decides. It must not ask a courier twice in one plan, nor one who refused."""

    def __call__(self, state: ZoneState, /) -> Plan: ...


def nearest(state: ZoneState) -> Plan:
    """Ask the nearest free courier, when it is time to set off, for the most urgent order first.

    It is time when now + the way to the store + a margin reaches the moment when the order is
    ready: earlier, the courier would stand waiting. Of two who are equally near, whoever has waited
    for longer is asked.
    """
    heard = [one for one in state.couriers if not is_silent(one, state.now)]
    free = {one.courier_id: one for one in heard}
    decisions: list[Decision] = []
    later: dict[str, datetime] = {}
    for delivery in sorted(state.deliveries, key=_urgency):
        candidates = candidates_of(delivery, free)
        if not candidates:
            continue
        best = candidates[0]
        leave_at = delivery.ready_at - timedelta(seconds=best.seconds_to_pickup + MARGIN_SECONDS)
        if leave_at > state.now:
            later[delivery.delivery_id] = leave_at
            continue
        del free[best.courier_id]
        decisions.append(_decision(delivery, candidates, state.now))
    wakes = [*later.values()]
    if len(heard) < len(state.couriers) and len(decisions) + len(later) < len(state.deliveries):
        wakes.append(state.now + timedelta(seconds=LOOK_AGAIN_SECONDS))
    return Plan(tuple(decisions), min(wakes, default=None), later)


def is_silent(courier: Free, now: datetime) -> bool:
    return (now - courier.located_at).total_seconds() >= SILENT_SECONDS


def _urgency(delivery: Wanting) -> tuple[datetime, datetime, str]:
    return delivery.promised_by, delivery.opened_at, delivery.delivery_id


def candidates_of(delivery: Wanting, free: Mapping[str, Free]) -> tuple[Candidate, ...]:
    """Those who may be asked, the nearest first."""
    ways = [
        (travelling.seconds(one.vehicle, one.at, delivery.pickup), one.since, one.courier_id)
        for one in free.values()
        if one.courier_id not in delivery.refused
    ]
    return tuple(Candidate(courier_id, seconds) for seconds, _, courier_id in sorted(ways))


def _decision(delivery: Wanting, candidates: tuple[Candidate, ...], now: datetime) -> Decision:
    best = candidates[0]
    until_ready = int((delivery.ready_at - now).total_seconds())
    return Decision(
        delivery_id=delivery.delivery_id,
        courier_id=best.courier_id,
        reason="nearest_in_time" if best.seconds_to_pickup <= max(0, until_ready) else "nearest",
        candidates=candidates[:KEPT_CANDIDATES],
        features={
            **features_of(delivery, best.seconds_to_pickup, now),
            "candidates": len(candidates),
            "deliveries": 1,
        },
    )


def features_of(delivery: Wanting, seconds_to_pickup: int, now: datetime) -> dict[str, int]:
    """What a decision was made from, in whole seconds."""
    return {
        "seconds_to_pickup": seconds_to_pickup,
        "seconds_until_ready": int((delivery.ready_at - now).total_seconds()),
        "seconds_until_promised": int((delivery.promised_by - now).total_seconds()),
        "seconds_open": int((now - delivery.opened_at).total_seconds()),
        "refused_by": delivery.declined,
        **({"pinned": 1} if delivery.pinned else {}),
    }
