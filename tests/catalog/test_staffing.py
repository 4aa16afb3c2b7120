import pytest

from chalicelib.catalog import merchants, reading, staffing
from chalicelib.catalog.models import WorkPlace, person_key, store_key
from tests.catalog.conftest import Told
from tests.catalog.shop import NOWHERE, Json, Town, menu, new_store

PAUSE: Json = {"reason": "busy"}


def test_an_owner_appoints_staff_and_everybody_in_the_office_sees_them(town: Town) -> None:
    store_id = town.draft()
    town.staff(store_id, "till")

    manager = town.staff(store_id, "manager")

    assert manager.get(f"/v1/stores/{store_id}/staff").json_body["data"] == [
        {"role": "manager", "user_id": "manager-max"},
        {"role": "owner", "user_id": "olga"},
        {"role": "till", "user_id": "till-max"},
    ]


def test_other_domains_read_who_is_on_the_staff(town: Town) -> None:
    store_id = town.draft()
    town.staff(store_id, "till")

    assert reading.staff_of(store_id) == ["olga", "till-max"]
    assert reading.staff_of(NOWHERE) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        ("PATCH", "", {"preparation_minutes": 9}, {"owner", "manager"}),
        ("PUT", "/menu", menu(), {"owner", "manager", "machine"}),
        ("POST", "/pause", PAUSE, {"owner", "manager", "till", "machine"}),
        ("POST", "/resume", None, {"owner", "manager", "till", "machine"}),
        ("GET", "/staff", None, {"owner", "manager", "operator"}),
        ("PUT", "/staff/new", {"role": "till"}, {"owner"}),
        ("POST", "/approve", {"reason": "Yes."}, {"operator"}),
        ("PUT", "/terms", {"reason": "Yes."}, {"operator"}),
    ],
)
def test_each_may_do_what_the_table_says(
    town: Town, method: str, path: str, body: Json | None, allowed: set[str]
) -> None:
    store_id = town.draft()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu())
    people = {
        "owner": town.owner,
        "manager": town.staff(store_id, "manager"),
        "till": town.staff(store_id, "till"),
        "machine": town.machine(store_id),
        "operator": town.operator,
        "rival": town.rival,
        "other machine": town.machine(NOWHERE),
        "customer": town.customer,
        "stranger": town.stranger,
    }

    statuses = {
        name: person.call(method, f"/v1/stores/{store_id}{path}", body, {}).status_code
        for name, person in people.items()
    }

    assert {name for name, status in statuses.items() if status == 200} == allowed
    assert {status for status in statuses.values() if status != 200} <= {401, 403, 404}
    assert statuses["stranger"] == 401


def test_a_store_that_is_not_theirs_is_hidden_from_merchants(town: Town) -> None:
    answer = town.rival.patch(f"/v1/stores/{town.draft()}", {"preparation_minutes": 9})

    assert (answer.status_code, answer.json_body["code"]) == (404, "store_not_found")


def test_staff_without_the_right_role_are_told_so(town: Town) -> None:
    store_id = town.draft()
    till = town.staff(store_id, "till")

    answer = till.patch(f"/v1/stores/{store_id}", {"preparation_minutes": 9})

    assert (answer.status_code, answer.json_body["code"]) == (403, "forbidden")


def test_the_last_owner_cannot_be_dismissed_nor_become_less(town: Town) -> None:
    store_id = town.draft()

    dismissed = town.owner.delete(f"/v1/stores/{store_id}/staff/olga")
    demoted = town.owner.put(f"/v1/stores/{store_id}/staff/olga", {"role": "till"})

    assert (dismissed.status_code, dismissed.json_body["code"]) == (409, "last_owner")
    assert (demoted.status_code, demoted.json_body["code"]) == (409, "last_owner")


def test_an_owner_may_go_when_another_is_there(town: Town) -> None:
    store_id = town.draft()
    other = town.staff(store_id, "owner")

    answer = town.owner.delete(f"/v1/stores/{store_id}/staff/olga")

    assert answer.status_code == 204
    assert town.owner.get(f"/v1/stores/{store_id}").status_code == 404
    assert other.delete(f"/v1/stores/{store_id}/staff/owner-max").status_code == 409


def test_appointing_and_dismissing_twice_announces_once(town: Town, told: Told) -> None:
    store_id = town.draft()
    path = f"/v1/stores/{store_id}/staff/tim"

    appointed = [town.owner.put(path, {"role": "till"}).status_code for _ in range(2)]
    dismissed = [town.owner.delete(path).status_code for _ in range(2)]

    assert (appointed, dismissed) == ([200, 200], [204, 204])
    assert told.types(store_id) == ["store.created", "store.staff_changed", "store.staff_changed"]


@pytest.mark.parametrize("user", ["a%20b", "x" * 129, "a%23b", "%EA%B0%80"])
def test_a_user_is_named_by_the_sub_of_their_token(town: Town, user: str) -> None:
    answer = town.owner.put(f"/v1/stores/{town.draft()}/staff/{user}", {"role": "till"})

    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["boss", "", None, 1])
def test_a_role_is_one_of_three(town: Town, role: object) -> None:
    answer = town.owner.put(f"/v1/stores/{town.draft()}/staff/tim", {"role": role})

    assert answer.status_code == 400


def test_a_person_finds_the_stores_where_they_work_and_a_merchant_its_stores(town: Town) -> None:
    merchant_id = town.merchant_of(town.owner)
    made = [
        town.owner.post("/v1/stores", new_store(merchant_id=merchant_id)).json_body["id"]
        for _ in range(2)
    ]
    till = town.staff(made[0], "till").caller.id
    town.staff(made[1], "till")

    town.owner.delete(f"/v1/stores/{made[1]}/staff/{till}")

    assert staffing.places(till) == {made[0]: "till"}
    assert staffing.places("olga") == dict.fromkeys(made, "owner")
    assert merchants.stores_of(merchant_id) == sorted(made)


def test_who_was_appointed_before_places_were_noted_is_dismissed_all_the_same(town: Town) -> None:
    store_id = town.draft()
    till = town.staff(store_id, "till").caller.id
    WorkPlace(person_key(till), store_key(store_id)).delete()

    answer = town.owner.delete(f"/v1/stores/{store_id}/staff/{till}")

    assert answer.status_code in {200, 204}
    assert reading.staff_of(store_id) == ["olga"]
