"""The counters that tell runs of dispatch that something has changed."""

from chalicelib.core import dynamo, parts
from chalicelib.couriers import zones
from chalicelib.couriers.models import DIRTY, shard_key, shard_keys
from chalicelib.couriers.zone_models import ZoneDirty


def _changes(zone: str, subject: str) -> int:
    found = dynamo.get(ZoneDirty, shard_key(zone, subject), DIRTY)
    return int(found.changes) if found else 0


def test_the_first_touch_makes_the_counter_and_each_other_raises_it() -> None:
    for _ in range(3):
        parts.commit(zones.touch("seoul", "dlv_a"))

    assert _changes("seoul", "dlv_a") == 3


def test_a_touch_is_seen_in_one_shard_of_its_zone_alone() -> None:
    parts.commit(zones.touch("seoul", "usr-jun"))

    counted = [dynamo.get(ZoneDirty, key, DIRTY) for key in shard_keys("seoul")]
    assert sum(int(one.changes) for one in counted if one) == 1
    assert all(dynamo.get(ZoneDirty, key, DIRTY) is None for key in shard_keys("busan"))


def test_a_touch_says_which_shape_it_wrote() -> None:
    parts.commit(zones.touch("seoul", "usr-jun"))

    found = dynamo.get(ZoneDirty, shard_key("seoul", "usr-jun"), DIRTY)
    assert found
    assert found.v == ZoneDirty.VERSION
