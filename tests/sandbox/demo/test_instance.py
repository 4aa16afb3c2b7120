"""A published day, read and laid onto the globe. The day here is made up."""

from pathlib import Path

import pytest

from chalicelib.catalog import zones
from chalicelib.catalog.schemas import StoreDetails
from sandbox.demo import instance
from sandbox.demo.instance import NoInstance
from sandbox.demo.replay import replay

PARAMETERS = (
    "meters_per_minute\tpickup service minutes\tdropoff service minutes\t"
    "target click-to-door\tmaximum click-to-door\tpay per order\tguaranteed pay per hour\n"
    "320\t4\t4\t40\t90\t10\t15\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten orders half an hour apart, then ten a minute apart; a morning and an evening shift."""
    slow = [(number, 30 * number) for number in range(10)]
    quick = [(10 + number, 600 + number) for number in range(10)]
    rows = [f"o{n}\t{100 * n}\t{50 * n}\t{at}\tr{n % 3}\t{at + 15}" for n, at in slow + quick]
    header = "order\tx\ty\tplacement_time\trestaurant\tready_time"
    _write(tmp_path / "orders.txt", header, *reversed(rows))
    _write(
        tmp_path / "restaurants.txt", "restaurant\tx\ty", *(f"r{n}\t{n}000\t0" for n in (0, 1, 2))
    )
    _write(
        tmp_path / "couriers.txt",
        "courier\tx\ty\ton_time\toff_time",
        "c1\t0\t0\t0\t120",
        "c2\t500\t500\t590\t720",
    )
    (tmp_path / "instance_parameters.txt").write_text(PARAMETERS)
    return tmp_path


def _write(path: Path, *lines: str) -> None:
    path.write_text("".join(f"{line}\n" for line in lines))


def test_a_day_is_read_in_the_order_of_its_clicks(folder: Path) -> None:
    day = instance.read(folder)

    assert [order.placed for order in day.orders] == sorted(order.placed for order in day.orders)
    assert (day.speed, day.pickup, day.dropoff) == (320, 4, 4)
    assert len(day.shifts) == 2


def test_a_folder_without_a_day_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NoInstance, match=r"orders\.txt"):
        instance.read(tmp_path)


def test_a_few_orders_are_taken_where_they_come_about_one_a_minute(folder: Path) -> None:
    day = instance.read(folder)

    taken = instance.busiest(day.orders, 10)

    assert [order.placed for order in taken] == [600 + number for number in range(10)]


def test_more_orders_than_there_are_is_the_whole_day(folder: Path) -> None:
    day = instance.read(folder)

    assert len(instance.busiest(day.orders, 99)) == 20


def test_a_replay_keeps_the_days_times_and_distances(folder: Path) -> None:
    plan = replay(folder, 10, seed=7)

    day = instance.read(folder)
    order = next(one for one in day.orders if one.name == "o12")
    wish = plan.wishes[2]
    assert (wish.at, wish.cooks) == (120.0, 900.0)
    assert wish.drop_off is not None
    store = next(one for one in plan.quarter.stores if one.slug == "replay-r0")
    there = store.body["location"]["coordinates"], wish.drop_off["location"]["coordinates"]
    straight = (order.x**2 + order.y**2) ** 0.5
    assert zones.distance(*there) == pytest.approx(straight, rel=2e-3, abs=1)


def test_only_couriers_whose_shift_touches_the_orders_come(folder: Path) -> None:
    plan = replay(folder, 10, seed=7)

    [rider] = plan.riders
    assert (rider.name, rider.on, rider.off) == ("c2", 0.0, 7200.0)
    assert rider.speed == pytest.approx(320 / 60)
    assert rider.service == 240.0


def test_what_is_taken_is_said(folder: Path) -> None:
    plan = replay(folder, 10, seed=7)

    assert "10 of 20 orders" in plan.takes
    assert "minute 600 to 609" in plan.takes


def test_the_stores_of_a_replay_are_what_the_api_takes(folder: Path) -> None:
    for store in replay(folder, None, seed=7).quarter.stores:
        details = {
            name: value for name, value in store.body.items() if name in StoreDetails.model_fields
        }

        assert StoreDetails.model_validate(details).preparation_minutes == 15
