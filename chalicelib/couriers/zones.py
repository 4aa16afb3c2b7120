"""Zones of dispatch: the cities, each divided into shards that couriers and deliveries fall into.

A run of dispatch reads all shards of its zone. The counters tell it whether anything has changed
since: whoever changes supply or demand touches one in the same transaction.
"""

from chalicelib.catalog.schemas import Store
from chalicelib.core import parts
from chalicelib.core.parts import Part
from chalicelib.couriers.models import DIRTY, shard_key
from chalicelib.couriers.zone_models import ZoneDirty


def of_store(store: Store) -> str:
    """The zone that a store's deliveries are dispatched in."""
    return store.city


def touch(zone: str, subject: str) -> Part:
    """The part that tells runs that a courier or a delivery of this zone has changed.

    One to a transaction is enough, and two for the same shard would be refused by DynamoDB.
    """
    shard = ZoneDirty(shard_key(zone, subject), DIRTY)
    return parts.upsert(shard, [ZoneDirty.changes.add(1)])
