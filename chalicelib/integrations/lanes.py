"""A lane: what one endpoint is still to be told about one subject, in order.

Only the head of a lane is ever sent, and only by whoever holds the lane's lease: so nothing newer
overtakes something older of the same subject, and lanes do not wait for each other. `version` is
the cursor: up to where the subject's events have been made into messages. Every write is
conditional on `rev`. The changes are pure; `save` makes a part of what came of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.integrations.models import ENDPOINT, LANE, LaneItem, endpoint_key, lane_key

KEPT_SECONDS = 90 * 86_400.0
SWEEP_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lane is: its endpoint, and its name (the subject's id, or of a replay)."""

    endpoint_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane as it was read: `pending` are positions in the endpoint's feed, the head first."""

    place: Place
    owner_id: str
    kind: str
    version: int = 0
    pending: tuple[int, ...] = ()
    failures: int = 0
    rev: int = 0
    lease: str | None = None
    leased_until: float | None = None
    due_at: datetime | None = None

    def is_free(self) -> bool:
        """Whether nobody is at it. Leases are wall time: they outlast a call, not a city's day."""
        return self.leased_until is None or self.leased_until <= clock.wall_now()

    def is_due(self) -> bool:
        return self.due_at is not None and self.due_at <= clock.now()

    def appended(self, version: int, positions: tuple[int, ...]) -> "Lane":
        """More to tell. A lane that rests (idle or parked) starts anew; one that waits, waits."""
        rests = self.due_at is None
        return replace(
            self,
            version=version,
            pending=self.pending + positions,
            failures=0 if rests else self.failures,
            due_at=clock.now() if rests else self.due_at,
        )

    def passed(self, version: int) -> "Lane":
        """Made into messages that are fetched: nothing is to be sent."""
        return replace(self, version=version)

    def claimed(self, lease: str, seconds: float) -> "Lane":
        return replace(self, lease=lease, leased_until=clock.wall_now() + seconds)

    def acknowledged(self) -> "Lane":
        """The head was taken: what follows is due at once."""
        rest = self.pending[1:]
        free = replace(self, pending=rest, failures=0, lease=None, leased_until=None)
        return replace(free, due_at=clock.now() if rest else None)

    def failed(self, due_at: datetime) -> "Lane":
        """The head was not taken: try again then."""
        free = replace(self, failures=self.failures + 1, lease=None, leased_until=None)
        return replace(free, due_at=due_at)

    def resting(self) -> "Lane":
        """Nothing is sent until something new happens, or somebody asks."""
        return replace(self, failures=0, lease=None, leased_until=None, due_at=None)

    def dropped(self) -> "Lane":
        """What there was to tell is not worth telling any more."""
        return replace(self.resting(), pending=())

    def postponed(self, due_at: datetime) -> "Lane":
        """Not now, and not for a fault of the head."""
        return replace(self, due_at=due_at)

    def urged(self) -> "Lane":
        """Somebody asks: begin again, now."""
        return replace(self, failures=0, due_at=clock.now() if self.pending else None)


def find(place: Place) -> Lane | None:
    item = dynamo.get(LaneItem, endpoint_key(place.endpoint_id), lane_key(place.name))
    return _of(item) if item else None


def after(endpoint_id: str, key: str, limit: int) -> list[Lane]:
    """The next lanes of an endpoint after a key, whatever they hold."""
    with dynamo.reading():
        found = LaneItem.query(
            endpoint_key(endpoint_id),
            LaneItem.sk.between(key + "\x00", LANE + "\uffff"),
            consistent_read=True,
            limit=limit,
        )
        return [_of(item) for item in found]


def save(lane: Lane) -> Part:
    """The part that writes a lane as changed, if nobody has written it meanwhile (BusyError)."""
    waiting = lane.due_at is not None
    item = LaneItem(
        endpoint_key(lane.place.endpoint_id),
        lane_key(lane.place.name),
        owner_id=lane.owner_id,
        kind=lane.kind,
        version=lane.version,
        pending=list(lane.pending),
        failures=lane.failures,
        rev=lane.rev + 1,
        lease=lane.lease,
        leased_until=lane.leased_until,
        due_shard=_shard(lane.place) if waiting else None,
        due_at=clock.stamp(lane.due_at) if lane.due_at else None,
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )
    return parts.put(item, BusyError(), LaneItem.rev == lane.rev if lane.rev else None)


def due_keys() -> Iterator[tuple[str, str]]:
    """The keys of what the table's index says is due: lanes, and watches of stores."""
    now = clock.stamp(clock.now())
    for shard in range(SHARDS):
        with dynamo.reading():
            for item in LaneItem.due.query(
                f"DUE#{shard:02d}", LaneItem.due_at <= now, limit=SWEEP_LIMIT
            ):
                yield item.pk, item.sk


def place_at(pk: str, sk: str) -> Place | None:
    """The place of the lane with these keys; None: they are of something else."""
    is_lane = sk.startswith(LANE)
    return Place(pk.removeprefix(ENDPOINT), sk.removeprefix(LANE)) if is_lane else None


def overdue() -> Iterator[Place]:
    """Lanes whose time was up, as the index has them; the lane itself decides."""
    return (place for keys in due_keys() if (place := place_at(*keys)))


def _shard(place: Place) -> str:
    return f"DUE#{ids.spread(place.endpoint_id + place.name, SHARDS):02d}"


def _of(item: LaneItem) -> Lane:
    return Lane(
        place=Place(item.pk.removeprefix(ENDPOINT), item.sk.removeprefix(LANE)),
        owner_id=item.owner_id,
        kind=item.kind,
        version=int(item.version),
        pending=tuple(item.pending),
        failures=int(item.failures),
        rev=int(item.rev),
        lease=item.lease,
        leased_until=None if item.leased_until is None else float(item.leased_until),
        due_at=clock.parse(item.due_at) if item.due_at else None,
    )
