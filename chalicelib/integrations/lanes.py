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
    store_id: str
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


def of_endpoint(endpoint_id: str) -> Iterator[Lane]:
    """Every lane of an endpoint that has something to tell."""
    for item in dynamo.items(LaneItem, endpoint_key(endpoint_id), prefix=LANE):
        if item.pending:
            yield _of(item)


def save(lane: Lane) -> Part:
    """The part that writes a lane as changed, if nobody has written it meanwhile (BusyError)."""
    waiting = lane.due_at is not None
    item = LaneItem(
        endpoint_key(lane.place.endpoint_id),
        lane_key(lane.place.name),
        store_id=lane.store_id,
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


def overdue() -> Iterator[Place]:
    """Lanes whose time was up, as the index has them; the lane itself decides."""
    now = clock.stamp(clock.now())
    for shard in range(SHARDS):
        with dynamo.reading():
            for item in LaneItem.due.query(
                f"DUE#{shard:02d}", LaneItem.due_at <= now, limit=SWEEP_LIMIT
            ):
                yield Place(item.pk.removeprefix(ENDPOINT), item.sk.removeprefix(LANE))


def _shard(place: Place) -> str:
    return f"DUE#{ids.spread(place.endpoint_id + place.name, SHARDS):02d}"


def _of(item: LaneItem) -> Lane:
    return Lane(
        place=Place(item.pk.removeprefix(ENDPOINT), item.sk.removeprefix(LANE)),
        store_id=item.store_id,
        kind=item.kind,
        version=int(item.version),
        pending=tuple(item.pending),
        failures=int(item.failures),
        rev=int(item.rev),
        lease=item.lease,
        leased_until=None if item.leased_until is None else float(item.leased_until),
        due_at=clock.parse(item.due_at) if item.due_at else None,
    )
