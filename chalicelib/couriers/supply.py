"""What a run of dispatch reads of its zone: couriers on duty, deliveries that look for one.

The counters come with the rest, and are read once more after it: as long as they agree, nothing
was missed. A query of one partition is no snapshot of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core import clock, dynamo
from chalicelib.core.dynamo import Item
from chalicelib.couriers import offering, working
from chalicelib.couriers.matching import Busy, Free, Wanting, ZoneState
from chalicelib.couriers.models import COURIER, DELIVERY, DIRTY, CouriersMeta, shard_keys
from chalicelib.couriers.status import DutyStatus, Vehicle
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery, ZoneDirty


class ZoneRow(Item):
    """Any item of a zone's shard, read as what it is."""

    class Meta(CouriersMeta):
        pass

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Any:  # noqa: ANN401 - one of several models
        key = data["sk"]["S"]
        if key.startswith(COURIER):
            return OnDuty.from_raw_data(data)
        if key.startswith(DELIVERY):
            return OpenDelivery.from_raw_data(data)
        if key == DIRTY:
            return ZoneDirty.from_raw_data(data)
        return super().from_raw_data(data)


@dataclass(frozen=True, slots=True)
class Supply:
    """A zone as it was read."""

    couriers: Mapping[str, OnDuty]
    deliveries: Mapping[str, OpenDelivery]
    changes: list[int]


def changes(zone: str) -> list[int]:
    """How often supply and demand of a zone have changed, shard by shard."""
    counters = [dynamo.get(ZoneDirty, key, DIRTY) for key in shard_keys(zone)]
    return [int(counter.changes) if counter else 0 for counter in counters]


def read(zone: str) -> Supply:
    """All couriers and open deliveries of a zone, read consistently."""
    keys = shard_keys(zone)
    rows: list[Item] = [row for key in keys for row in dynamo.items(ZoneRow, key)]
    counters = {row.pk: int(row.changes) for row in rows if isinstance(row, ZoneDirty)}
    return Supply(
        changes=[counters.get(key, 0) for key in keys],
        couriers={row.courier_id: row for row in rows if isinstance(row, OnDuty)},
        deliveries={row.delivery_id: row for row in rows if isinstance(row, OpenDelivery)},
    )


def state(supply: Supply) -> ZoneState:
    """The part of a supply that a policy decides about: who is free, and what nobody is asked for.

    Who is leaving, has a job or is being asked is not free. Who has a job and stays is expected.
    """
    return ZoneState(
        now=clock.now(),
        couriers=tuple(_free(one) for one in supply.couriers.values() if _is_free(one)),
        deliveries=tuple(
            wanting(one, supply.couriers) for one in supply.deliveries.values() if not one.offers
        ),
        busy=tuple(_busy(one) for one in supply.couriers.values() if _is_expected(one)),
    )


def _is_free(courier: OnDuty) -> bool:
    return courier.status == DutyStatus.ON and not courier.jobs and courier.offer_id is None


def _free(courier: OnDuty) -> Free:
    return Free(
        courier_id=courier.courier_id,
        vehicle=Vehicle(courier.vehicle),
        at=working.position(courier),
        located_at=clock.parse(courier.located_at),
        since=clock.parse(courier.since),
    )


def _is_expected(courier: OnDuty) -> bool:
    """One whose jobs are older than this figure says nothing of when they end."""
    return courier.status == DutyStatus.ON and bool(courier.jobs and courier.ends_at)


def _busy(courier: OnDuty) -> Busy:
    longitude, latitude = courier.ends_near
    return Busy(
        courier_id=courier.courier_id,
        vehicle=Vehicle(courier.vehicle),
        at=(float(longitude), float(latitude)),
        free_at=clock.parse(str(courier.ends_at)),
        since=clock.parse(courier.since),
    )


def directions(opened: OpenDelivery) -> dict[str, Any]:
    """What an operator has said of who is asked for a delivery."""
    said = opened.directed or {}
    return {"pinned": said.get("pinned"), "forbidden": list(said.get("forbidden", ()))}


def wanting(opened: OpenDelivery, on_duty: Mapping[str, OnDuty]) -> Wanting:
    """A delivery as a policy sees it. Who may not be asked for it counts as who has refused.

    A pin holds for as long as its courier is there and has not refused.
    """
    said = directions(opened)
    refused = {*opened.refused, *said["forbidden"], *_unfit(opened, on_duty)}
    pinned = said["pinned"] in set(on_duty) - refused
    if pinned:
        refused |= set(on_duty) - {said["pinned"]}
    return Wanting(
        delivery_id=opened.delivery_id,
        store_id=opened.store_id or opened.delivery_id,
        pickup=offering.corner(opened.pickup),
        drop=offering.corner(opened.drop),
        ready_at=clock.parse(opened.ready_at),
        promised_by=clock.parse(opened.promised_by),
        opened_at=clock.parse(opened.opened_at),
        refused=frozenset(refused),
        declined=len(opened.refused),
        pinned=pinned,
    )


def _unfit(opened: OpenDelivery, on_duty: Mapping[str, OnDuty]) -> Iterator[str]:
    """Who rides what it may not be carried by, unless an operator has said that they are asked."""
    pinned = directions(opened)["pinned"]
    for courier_id, courier in on_duty.items():
        if opened.vehicles and courier.vehicle not in opened.vehicles and courier_id != pinned:
            yield courier_id
