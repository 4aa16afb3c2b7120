"""What dispatch says of its couriers to those who promise times: in steps, and seldom."""

import pytest

from chalicelib.catalog import conditions
from chalicelib.core import clock, dynamo
from chalicelib.couriers import dispatching, pressing
from chalicelib.couriers.models import zone_key
from chalicelib.couriers.zone_models import ZoneHead
from tests.couriers.riders import ZONE, Riders


@pytest.mark.parametrize(
    ("deliveries", "couriers", "percent"),
    [(0, 0, 100), (1, 0, 150), (0, 5, 100), (5, 5, 100), (6, 5, 115), (10, 5, 115), (15, 5, 130),
     (16, 5, 150)],
)  # fmt: skip
def test_the_way_takes_longer_by_steps_the_more_each_courier_has_to_bring(
    deliveries: int, couriers: int, percent: int
) -> None:
    assert pressing.of(deliveries, couriers) == percent


def test_where_nobody_can_bring_it_the_city_is_told(riders: Riders) -> None:
    riders.waiting()

    assert conditions.of_city(ZONE).supply_percent == pressing.MOST


def test_a_courier_on_duty_ends_it(riders: Riders) -> None:
    riders.waiting()

    riders.on_duty("jun")
    dispatching.run(ZONE)

    assert conditions.of_city(ZONE).supply_percent == conditions.WHOLE


def test_where_nothing_has_changed_by_a_step_nothing_is_said() -> None:
    until = clock.stamp(clock.after(pressing.SAID_SECONDS))
    head = ZoneHead(zone_key(ZONE), "HEAD", zone=ZONE, supply_percent=130, supply_until=until)

    assert pressing.said(ZONE, 130, head) == ([], [])
    assert pressing.said(ZONE, None, head) == ([], [])
    assert pressing.said(ZONE, 100, None) == ([], [])
    assert len(pressing.said(ZONE, 115, head)[1]) == 1


def test_what_is_soon_believed_no_longer_is_said_again() -> None:
    until = clock.stamp(clock.after(pressing.SAID_SECONDS / 3))
    head = ZoneHead(zone_key(ZONE), "HEAD", zone=ZONE, supply_percent=130, supply_until=until)

    assert len(pressing.said(ZONE, 130, head)[1]) == 1


def test_a_zone_row_of_an_older_release_has_said_nothing(riders: Riders) -> None:
    riders.waiting()
    ZoneHead(zone_key(ZONE), "HEAD").update(
        [ZoneHead.supply_percent.remove(), ZoneHead.supply_until.remove()]
    )

    riders.waiting()

    head = dynamo.get(ZoneHead, zone_key(ZONE))
    assert head is not None
    assert head.supply_percent == pressing.MOST
