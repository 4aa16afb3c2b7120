"""What a courier has earned and how long they were on duty, day by day."""

from datetime import date

from chalicelib.couriers import statement
from chalicelib.couriers.schemas import Earning
from chalicelib.couriers.statement import Posting
from tests import laws
from tests.couriers.street import TO_THE_DOOR, Rider, Street
from tests.world import World

DAY = date(2026, 11, 22)
JOB = Earning(currency="KRW", gross=3000, fee=150, net=2850, tip=0)
SEOUL = {
    "names": {"en": "Seoul"}, "timezone": "Asia/Seoul", "currency": "KRW", "languages": ["ko"],
    "bounds": {"west": 126.7, "south": 37.4, "east": 127.2, "north": 37.8}, "reason": "Opened.",
}  # fmt: skip


def brought(street: Street, rider: Rider) -> None:
    order_id = street.order()
    delivery = street.job(rider, *TO_THE_DOOR, order_id=order_id)
    assert rider.step(delivery.id, "delivered", body={"pin": street.pin(order_id)}).status == 200


def test_postings_are_summed_by_currency() -> None:
    tip = Posting(DAY, "KRW", 500, None)
    dollars = Posting(DAY, "USD", 475, JOB.model_copy(update={"gross": 500, "fee": 25}))

    found = statement.summed([Posting(DAY, "KRW", 2850, JOB), tip, dollars])

    assert [one.currency for one in found] == ["KRW", "USD"]
    assert [(one.jobs, one.gross, one.fee, one.net, one.tips) for one in found] == [
        (1, 3000, 150, 2850, 500),
        (1, 500, 25, 475, 0),
    ]


def test_a_statement_says_what_the_ledger_says(street: Street, jun: Rider) -> None:
    for _ in range(2):
        brought(street, jun)
    street.world.clock.move(5400)
    jun.end()

    told = jun.get("/v1/earnings/statement?first=2026-11-21&days=3")

    account = [row for row in laws.rows("ledger") if row["account"] == "payable:courier:jun"]
    [sums] = told["earned"]
    assert sums["net"] + sums["tips"] == -sum(int(row["amount"]) for row in account)
    assert (sums["jobs"], sums["gross"] - sums["fee"]) == (2, sums["net"])
    assert [(one["day"], one["on_duty_minutes"]) for one in told["days"]] == [
        ("2026-11-21", 0), ("2026-11-22", 90), ("2026-11-23", 0),
    ]  # fmt: skip
    assert told["days"][1]["earned"] == told["earned"]
    assert (told["last"], told["timezone"], told["on_duty_minutes"]) == ("2026-11-23", "UTC", 90)


def test_days_are_those_of_the_city_and_a_duty_over_midnight_is_of_both(
    world_at: World, street: Street
) -> None:
    city = world_at.call("PUT", "/v1/cities/seoul", SEOUL, token=world_at.operator())
    assert city.status == 200, city.text
    jun = Rider(world_at)
    jun.introduce(city="seoul")
    jun.start()
    world_at.clock.move(2 * 3600)
    brought(street, jun)
    world_at.clock.move(2 * 3600)

    told = jun.get("/v1/earnings/statement?first=2026-11-22&days=2")

    assert told["timezone"] == "Asia/Seoul"
    assert [one["on_duty_minutes"] for one in told["days"]] == [180, 60]
    assert [sum(each["jobs"] for each in one["earned"]) for one in told["days"]] == [1, 0]


def test_who_has_never_worked_has_an_empty_statement(world_at: World) -> None:
    told = Rider(world_at).get("/v1/earnings/statement?first=2026-11-16")

    assert (len(told["days"]), told["earned"], told["on_duty_minutes"]) == (7, [], 0)


def test_a_duty_without_length_is_nothing(jun: Rider) -> None:
    jun.end()

    assert jun.get("/v1/earnings/statement?first=2026-11-22")["on_duty_minutes"] == 0


def test_what_is_no_day_of_ours_is_refused(jun: Rider) -> None:
    for first in ("0001-01-01", "9999-12-31", "never"):
        path = f"/v1/earnings/statement?first={first}"
        assert jun.world.call("GET", path, token=jun.token).status == 400
