"""What operators do about people: found exactly, shut out within seconds, let in again."""

import json

import pytest

from chalicelib.core import sessions
from tests import database, people, pool
from tests.world import Reply, World

WHY = {"reason": "Three stolen cards."}


@pytest.fixture(autouse=True)
def _settled(world_at: World) -> None:
    assert world_at
    pool.settle(jun="jun@example.com", sua="+821055500100")


def find(world: World, **said: str) -> list[str]:
    answer = world.post("/v1/people/find", {**said, **WHY}, token=world.operator())
    assert answer.status == 200, answer.text
    return [one["id"] for one in answer.json["items"]]


def turn(world: World, verb: str, person: str = "jun") -> Reply:
    return world.post(f"/v1/people/{person}/{verb}", WHY, token=world.operator())


def records(world: World, person: str = "jun") -> list[str]:
    found = world.get(f"/v1/audit?subject={person}", world.operator())["items"]
    return [one["action"] for one in found]


def test_somebody_is_found_by_exactly_their_address_or_id(world_at: World) -> None:
    assert find(world_at, email="jun@example.com") == ["jun"]
    assert find(world_at, phone="+821055500100") == ["sua"]
    assert find(world_at, person_id="sua") == ["sua"]
    assert find(world_at, email="ju@example.com") == []
    assert find(world_at, person_id="nobody") == []


def test_that_somebody_was_looked_for_is_kept_without_the_address(world_at: World) -> None:
    find(world_at, email="jun@example.com")

    assert records(world_at) == ["person.found"]
    assert "jun@example.com" not in json.dumps(database.rows("test-audit"), default=str)


def test_an_address_cannot_widen_the_question(world_at: World) -> None:
    assert find(world_at, email='"^=\\"@example.com') == []


def test_who_is_suspended_is_out_at_once_and_stays_out(world_at: World) -> None:
    token = world_at.customer("jun")
    assert world_at.call("GET", "/v1/orders", token=token).status == 200

    suspended = turn(world_at, "suspend")

    assert suspended.json["suspended_at"] is not None
    assert world_at.call("GET", "/v1/orders", token=token).status == 401
    assert pool.asked("admin_get_user", Username="jun")["Enabled"] is False
    assert world_at.call("GET", "/v1/orders", token=world_at.customer("sua")).status == 200


def test_another_process_hears_of_it_within_ten_seconds(world_at: World) -> None:
    token = world_at.customer("jun")
    world_at.call("GET", "/v1/orders", token=token)
    known = list(sessions._known)
    turn(world_at, "suspend")
    sessions._known[:] = known  # what another process has read before

    before = world_at.call("GET", "/v1/orders", token=token).status
    world_at.clock.move(10)

    assert (before, world_at.call("GET", "/v1/orders", token=token).status) == (200, 401)


def test_who_is_restored_signs_in_again(world_at: World) -> None:
    turn(world_at, "suspend")
    world_at.clock.move(5)

    restored = turn(world_at, "restore")
    world_at.clock.move(1)

    assert restored.json == {"id": "jun", "suspended_at": None}
    assert pool.asked("admin_get_user", Username="jun")["Enabled"] is True
    assert world_at.call("GET", "/v1/orders", token=world_at.customer("jun")).status == 200


def test_each_turn_is_kept_once(world_at: World) -> None:
    for verb in ("suspend", "suspend", "restore", "restore"):
        world_at.clock.move(1)
        assert turn(world_at, verb).status == 200

    assert records(world_at) == ["person.restored", "person.suspended"]


def test_nobody_suspends_themselves_or_whom_nobody_knows(world_at: World) -> None:
    assert turn(world_at, "suspend", "op").json["code"] == "own_account"
    assert [turn(world_at, verb, "nobody").status for verb in ("suspend", "restore")] == [404] * 2


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"email": "jun@example.com", "phone": "+821055500100"},
        {"phone": "01055500100"},
        {"email": "jun"},
    ],
)
def test_one_exact_thing_is_asked_for(world_at: World, said: dict[str, str]) -> None:
    answer = world_at.post("/v1/people/find", {**said, **WHY}, token=world_at.operator())

    assert answer.status == 400


def test_where_the_pool_does_not_answer_nobody_is_said_to_be_out(world_at: World) -> None:
    pool.renew()

    assert turn(world_at, "suspend").status == 503
    assert records(world_at) == []


def test_signing_out_everywhere_ends_every_token_and_every_device(world_at: World) -> None:
    tokens = [world_at.customer("jun"), people.person("customer", "jun", iat=1)]
    phone = {"platform": "fcm", "token": "fZ1kQm0aT5:APA91b", "language": "ko"}
    path = "/v1/devices/dev_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
    assert world_at.call("PUT", path, phone, token=tokens[0]).status == 200

    answer = world_at.post("/v1/sign-out", token=tokens[0])

    asked = [world_at.call("GET", "/v1/devices", token=token).status for token in tokens]
    world_at.clock.move(1)
    assert (answer.status, asked) == (204, [401, 401])
    assert world_at.get("/v1/devices", world_at.customer("jun"))["items"] == []


def test_a_token_from_after_the_end_is_good(world_at: World) -> None:
    world_at.post("/v1/sign-out", token=world_at.customer("jun"))
    world_at.clock.move(1)
    token = world_at.customer("jun")

    world_at.clock.move(60)

    assert world_at.call("GET", "/v1/orders", token=token).status == 200


def test_an_end_is_known_for_as_long_as_a_token_may_live(world_at: World) -> None:
    token = world_at.customer("jun")
    world_at.post("/v1/sign-out", token=token)
    world_at.clock.move(899)

    assert world_at.call("GET", "/v1/orders", token=token).status == 401


def test_a_machine_is_no_person_and_asks_for_no_list(world_at: World) -> None:
    store_id = world_at.store()
    sessions.forget()

    assert world_at.board(store_id) == []
    assert sessions._known == []
