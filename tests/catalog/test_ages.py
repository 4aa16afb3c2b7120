"""From what age on something is sold: its own word, or the law where the store is."""

from typing import Any

import pytest

from chalicelib.catalog import ages
from tests.catalog.shop import item, parsed

BEER = {"nutrition": {"kilocalories": 150, "alcoholic": True}}


@pytest.mark.parametrize(
    ("changes", "timezone", "age"),
    [
        ({}, "Asia/Seoul", None),
        ({"age_restricted": True}, "Asia/Seoul", 19),
        ({"age_restricted": True}, "Europe/Berlin", 18),
        ({"age_restricted": True}, "America/New_York", 21),
        ({"age_restricted": True}, "Asia/Tokyo", 20),
        ({"age_restricted": True}, "UTC", 21),
        ({"age_restricted": True, "minimum_age": 16}, "Europe/Berlin", 16),
        ({"minimum_age": 14}, "Asia/Seoul", 14),
        (BEER, "Asia/Seoul", 19),
        ({"nutrition": {"kilocalories": 90, "alcoholic": False}}, "Asia/Seoul", None),
        ({"nutrition": {"kilocalories": 90}}, "Asia/Seoul", None),
    ],
)
def test_the_items_own_age_comes_before_the_law(
    changes: dict[str, Any], timezone: str, age: int | None
) -> None:
    [sold] = parsed(item("soju", **changes)).items

    assert ages.minimum_age(sold, timezone) == age


def test_every_country_of_the_list_has_a_time_zone() -> None:
    assert set(ages.LEGAL_AGES) <= set(ages._countries().values())


def test_no_law_is_stricter_than_the_strictest() -> None:
    assert max(ages.LEGAL_AGES.values()) == ages.STRICTEST
