"""Who a courier is, and when they may be asked."""

from chalicelib.core import dynamo
from chalicelib.couriers import working
from chalicelib.couriers.models import courier_key, shard_keys
from chalicelib.couriers.zone_models import OnDuty
from tests.couriers.street import PROFILE, TO_THE_DOOR, Rider, Street, at_once
from tests.world import World


def _items(courier: str) -> list[OnDuty]:
    found = [dynamo.get(OnDuty, key, courier_key(courier)) for key in shard_keys("seoul")]
    return [one for one in found if one]


def test_a_courier_says_who_they_are_and_is_known_so(world_at: World) -> None:
    jun = Rider(world_at)

    answer = jun.introduce()

    assert answer.status == 200
    assert jun.get("/v1/courier") == {
        **PROFILE, "version": 1, "duty": "off", "zone": None,
        "created_at": "2026-11-22T12:00:00.000Z", "city": None, "status": "active", "missing": [],
        "expired": [], "suspension": None,
    }  # fmt: skip


def test_saying_the_same_again_changes_nothing(world_at: World) -> None:
    jun = Rider(world_at)

    versions = [jun.introduce().json["version"] for _ in range(2)]
    changed = jun.introduce(given_name="Juno", vehicle="bicycle")

    assert versions == [1, 1]
    assert (changed.json["version"], changed.json["given_name"]) == (2, "Juno")
    assert jun.events() == ["courier.changed", "courier.changed"]


def test_who_has_not_said_who_they_are_is_not_there_and_cannot_start(world_at: World) -> None:
    jun = Rider(world_at)

    read = world_at.call("GET", "/v1/courier", token=jun.token)
    started = jun.start()

    assert read.status == 404
    assert (started.status, started.json["code"]) == (409, "no_profile")
    assert "PUT /v1/courier" in started.json["detail"]
    assert jun.get("/v1/duty")["status"] == "off"
    assert _items("jun") == []


def test_on_duty_a_courier_stands_in_the_zone(jun: Rider) -> None:
    duty = jun.get("/v1/duty")

    assert duty == {
        "status": "on", "zone": "seoul", "since": "2026-11-22T12:00:00.000Z",
        "vehicle": "scooter", "jobs": [], "offer_id": None, "ends_by": None, "break_since": None,
    }  # fmt: skip
    assert jun.get("/v1/courier")["duty"] == "on"
    assert jun.events() == ["courier.changed", "courier.on_duty"]


def test_starting_twice_is_starting_once(jun: Rider) -> None:
    before = jun.get("/v1/duty")
    jun.world.clock.move(60)

    again = jun.start(vehicle="bicycle")

    assert again.json == before
    assert jun.events().count("courier.on_duty") == 1


def test_starting_many_times_at_once_is_starting_once(world_at: World) -> None:
    jun = Rider(world_at)
    jun.introduce()

    answers = at_once(*[jun.start] * 6)

    assert {answer.status for answer in answers} == {200}
    assert jun.events().count("courier.on_duty") == 1
    assert len(_items("jun")) == 1


def test_nobody_is_on_duty_in_two_zones(jun: Rider) -> None:
    answer = jun.start("busan")

    assert (answer.status, answer.json["code"]) == (409, "on_duty_elsewhere")
    assert answer.json["zone"] == "seoul"
    jun.end()
    assert jun.start("busan").json["zone"] == "busan"


def test_off_duty_nothing_is_left_that_knows_where_they_were(jun: Rider) -> None:
    jun.locate(1)

    answers = [jun.end() for _ in range(2)]

    assert [answer.json["status"] for answer in answers] == ["off", "off"]
    assert _items("jun") == []
    assert jun.get("/v1/courier")["zone"] is None
    assert jun.events() == ["courier.changed", "courier.on_duty", "courier.off_duty"]


def test_who_has_a_job_leaves_when_it_is_done(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)

    leaving = [jun.end() for _ in range(2)]
    known = jun.locate(2).status
    jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})

    assert [answer.json["status"] for answer in leaving] == ["leaving", "leaving"]
    assert known == 204
    assert jun.get("/v1/duty")["status"] == "off"
    assert _items("jun") == []
    assert jun.events()[-1] == "courier.off_duty"


def test_who_was_leaving_may_stay(street: Street, jun: Rider) -> None:
    order_id = street.order()
    delivery = street.job(jun, *TO_THE_DOOR, order_id=order_id)
    jun.end()

    stayed = jun.start()
    jun.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})

    assert stayed.json["status"] == "on"
    assert jun.get("/v1/duty")["status"] == "on"
    assert jun.events()[-1] == "courier.on_duty"


def test_of_a_start_and_an_end_at_once_one_is_the_last(jun: Rider) -> None:
    for _ in range(5):
        answers = at_once(jun.start, jun.end, jun.start, jun.end)

        assert {answer.status for answer in answers} == {200}
        head = working.head("jun")
        assert head
        assert bool(_items("jun")) == (head.zone == "seoul")


def test_a_duty_that_was_forgotten_can_be_begun_anew(jun: Rider) -> None:
    OnDuty.at("seoul", "jun").delete()

    off, ended = jun.get("/v1/duty"), jun.end()
    begun = jun.start()

    assert (off["status"], ended.json["status"]) == ("off", "off")
    assert begun.json["status"] == "on"
