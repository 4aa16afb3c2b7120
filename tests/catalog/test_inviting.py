"""Inviting staff by an address: whoever has proven to have it may accept, and nobody else."""

import json

import pytest

from chalicelib.catalog import inviting
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Role
from chalicelib.people import directory
from tests import database, pool
from tests.catalog.conftest import Told
from tests.catalog.shop import NOWHERE, Json, Person, Town
from tests.clocks import StandingClock

JUN = {"email": "Jun@Example.com", "role": "manager"}
SUA = {"phone": "+821055500100", "role": "till"}


def invited(town: Town, store_id: str, **said: str) -> Json:
    answer = town.owner.post(f"/v1/stores/{store_id}/invitations", said or JUN)
    assert answer.status_code == 201, answer.json_body
    found: Json = answer.json_body
    return found


def jun(town: Town) -> Person:
    pool.settle(jun="jun@example.com", sua="+821055500100", eva="eva@example.com")
    return town.person("jun", Role.CUSTOMER)


def test_who_has_the_address_finds_the_invitation_and_joins(town: Town, told: Told) -> None:
    store_id = town.draft()
    made = invited(town, store_id)
    person = jun(town)

    [found] = person.get("/v1/invitations").json_body["items"]
    answer = person.post(f"/v1/invitations/{found['id']}/accept")

    assert (found["id"], found["store_id"], found["role"]) == (made["id"], store_id, "manager")
    assert (answer.status_code, answer.json_body) == (200, {"role": "manager", "user_id": "jun"})
    assert pool.groups_of("jun") == {"customer", "merchant"}
    staff = town.owner.get(f"/v1/stores/{store_id}/staff").json_body["data"]
    assert {"role": "manager", "user_id": "jun"} in staff
    assert told.types(store_id)[1:] == ["store.staff_invited", "store.staff_changed"]


def test_who_has_a_group_already_gets_the_merchants_beside_it_and_no_other(town: Town) -> None:
    made = invited(town, town.draft())
    jun(town)
    pool.asked("admin_add_user_to_group", Username="jun", GroupName="courier")

    town.person("jun", Role.COURIER).post(f"/v1/invitations/{made['id']}/accept")

    assert pool.groups_of("jun") == {"courier", "merchant"}


def test_a_phone_number_is_an_address_too(town: Town) -> None:
    store_id = town.draft()
    made = invited(town, store_id, **SUA)
    jun(town)
    sua = town.person("sua", Role.COURIER)

    assert sua.post(f"/v1/invitations/{made['id']}/accept").status_code == 200


def test_an_address_that_nobody_has_proven_is_worth_nothing(town: Town) -> None:
    made = invited(town, town.draft())
    pool.add("mallory", email="jun@example.com", email_verified="false")
    mallory = town.person("mallory", Role.CUSTOMER)

    assert mallory.get("/v1/invitations").json_body["items"] == []
    assert mallory.post(f"/v1/invitations/{made['id']}/accept").status_code == 404


def test_nobody_else_finds_or_accepts_it(town: Town) -> None:
    made = invited(town, town.draft())
    jun(town)
    others = [town.person("eva", Role.CUSTOMER), town.person("unknown", Role.CUSTOMER), town.rival]

    answers = [one.post(f"/v1/invitations/{made['id']}/accept").status_code for one in others]

    assert answers == [404] * 3
    assert [one.get("/v1/invitations").json_body["items"] for one in others] == [[]] * 3


def test_it_is_accepted_once(town: Town) -> None:
    store_id = town.draft()
    path = f"/v1/invitations/{invited(town, store_id)['id']}/accept"
    person = jun(town)
    person.post(path)
    town.owner.delete(f"/v1/stores/{store_id}/staff/jun")

    assert person.post(path).status_code == 404
    assert len(town.owner.get(f"/v1/stores/{store_id}/staff").json_body["data"]) == 1


def test_it_is_over_after_a_week_and_when_it_is_withdrawn(
    clock_at: StandingClock, town: Town
) -> None:
    store_id = town.draft()
    first, second = invited(town, store_id), invited(town, store_id, **SUA)
    person = jun(town)
    path = f"/v1/stores/{store_id}/invitations"
    withdrawn = [town.owner.delete(f"{path}/{second['id']}").status_code for _ in range(2)]
    left = town.owner.get(path).json_body["items"]
    clock_at.move(7 * 86_400)

    assert withdrawn == [204, 204]
    assert left == [first]
    assert town.owner.get(path).json_body["items"] == []
    assert person.get("/v1/invitations").json_body["items"] == []
    assert person.post(f"/v1/invitations/{first['id']}/accept").status_code == 404


def test_inviting_an_address_again_takes_the_place_of_the_first(town: Town) -> None:
    store_id = town.draft()
    first = invited(town, store_id)
    second = invited(town, store_id, email="jun@example.com", role="till")
    person = jun(town)

    [found] = person.get("/v1/invitations").json_body["items"]

    assert found["id"] == second["id"]
    assert person.post(f"/v1/invitations/{first['id']}/accept").status_code == 404
    assert len(town.owner.get(f"/v1/stores/{store_id}/invitations").json_body["items"]) == 1


def test_twenty_invitations_may_be_open(town: Town) -> None:
    store_id = town.draft()
    for number in range(20):
        invited(town, store_id, email=f"one{number}@example.com", role="till")

    answer = town.owner.post(f"/v1/stores/{store_id}/invitations", JUN)

    assert (answer.status_code, answer.json_body["code"]) == (409, "invitation_limit")


def test_repeating_the_request_invites_once(town: Town, told: Told) -> None:
    store_id = town.draft()
    path, key = f"/v1/stores/{store_id}/invitations", {"Idempotency-Key": "k"}
    first = town.owner.post(path, JUN, **key)

    again, other = town.owner.post(path, JUN, **key), town.owner.post(path, SUA, **key)

    assert again.json_body == first.json_body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert told.types(store_id) == ["store.created", "store.staff_invited"]


def test_the_address_is_kept_as_a_hash_and_a_hint(town: Town) -> None:
    store_id = town.draft()
    hints = [invited(town, store_id)["hint"], invited(town, store_id, **SUA)["hint"]]

    kept = json.dumps(database.rows("test-catalog"), default=str).casefold()

    assert hints == ["J...@Example.com", "...0100"]
    assert "jun@example.com" not in kept
    assert "5550010" not in kept


def test_an_invitation_cannot_take_the_last_owner_from_a_store(town: Town) -> None:
    store_id = town.draft()
    made = invited(town, store_id, email="olga@example.com", role="till")
    pool.settle(olga="olga@example.com")

    answer = town.owner.post(f"/v1/invitations/{made['id']}/accept")

    assert (answer.status_code, answer.json_body["code"]) == (409, "last_owner")


def test_what_is_withdrawn_while_it_is_accepted_is_not_accepted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = town.draft()
    made = invited(town, store_id)
    person = jun(town)
    monkeypatch.setattr(
        directory,
        "add_to",
        lambda *_: inviting.withdraw(town.owner.caller, store_id, made["id"]),
    )

    with pytest.raises((NotFoundError, BusyError)):
        inviting.accept(person.caller, made["id"])
    assert len(town.owner.get(f"/v1/stores/{store_id}/staff").json_body["data"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"role": "till"},
        {**JUN, **SUA},
        {"role": "till", "email": "no address"},
        {"role": "till", "phone": "0105550100"},
        {"role": "boss", "email": "jun@example.com"},
    ],
)
def test_an_invitation_names_a_role_and_one_address(town: Town, body: Json) -> None:
    answer = town.owner.post(f"/v1/stores/{town.draft()}/invitations", body)

    assert answer.status_code == 400


def test_owners_invite_and_the_office_looks(town: Town) -> None:
    store_id = town.draft()
    path = f"/v1/stores/{store_id}/invitations"
    made = invited(town, store_id)
    people = [town.staff(store_id, "manager"), town.staff(store_id, "till"), town.rival]
    people.append(town.operator)

    statuses = [
        (
            one.post(path, SUA).status_code,
            one.get(path).status_code,
            one.delete(f"{path}/{made['id']}").status_code,
        )
        for one in people
    ]

    assert statuses == [(403, 200, 403), (403, 403, 403), (404, 404, 404), (403, 200, 403)]
    assert town.operator.get(f"/v1/stores/{NOWHERE}/invitations").status_code == 404
