import pytest

from tests.catalog.conftest import Told
from tests.catalog.shop import NOWHERE, Json, Town, new_store

MERCHANT: Json = {"name": "Han", "legal_name": "Han Ltd.", "country": "KR"}


def test_whoever_creates_a_merchant_owns_it(town: Town) -> None:
    merchant_id = town.merchant_of(town.owner)

    assert town.owner.get(f"/v1/merchants/{merchant_id}").json_body["legal_name"] == "Han Ltd."
    assert town.operator.get(f"/v1/merchants/{merchant_id}").status_code == 200
    assert town.rival.get(f"/v1/merchants/{merchant_id}").json_body["code"] == "merchant_not_found"
    assert town.customer.get(f"/v1/merchants/{merchant_id}").status_code == 403
    assert town.stranger.get(f"/v1/merchants/{merchant_id}").status_code == 401


def test_repeating_the_request_creates_no_second_merchant(town: Town) -> None:
    key = {"Idempotency-Key": "once"}

    first = town.owner.post("/v1/merchants", MERCHANT, **key)
    again = town.owner.post("/v1/merchants", MERCHANT, **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json_body == again.json_body
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_key_does_not_serve_for_another_body(town: Town) -> None:
    key = {"Idempotency-Key": "once"}
    town.owner.post("/v1/merchants", MERCHANT, **key)

    answer = town.owner.post("/v1/merchants", {**MERCHANT, "name": "Other"}, **key)

    assert answer.json_body["code"] == "idempotency_key_reused"


def test_a_store_begins_as_a_draft_that_only_its_people_see(town: Town) -> None:
    store_id = town.draft()
    path = f"/v1/stores/{store_id}"

    seen = {
        name: getattr(town, name).get(path).status_code
        for name in ("owner", "operator", "rival", "customer", "stranger")
    }

    assert seen == {"owner": 200, "operator": 200, "rival": 404, "customer": 404, "stranger": 404}
    assert town.machine(store_id).get(path).json_body["status"] == "draft"
    assert town.stranger.get("/v1/stores?city=seoul").json_body["data"] == []


def test_repeating_the_request_opens_no_second_store(town: Town) -> None:
    body = new_store(merchant_id=town.merchant_of(town.owner))

    answers = [town.owner.post("/v1/stores", body, **{"Idempotency-Key": "k"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json_body == answers[1].json_body


def test_nobody_opens_a_store_for_a_merchant_of_others(town: Town) -> None:
    body = new_store(merchant_id=town.merchant_of(town.owner))

    answer = town.rival.post("/v1/stores", body)

    assert (answer.status_code, answer.json_body["code"]) == (404, "merchant_not_found")


def test_a_store_needs_an_idempotency_key(town: Town) -> None:
    body = new_store(merchant_id=town.merchant_of(town.owner))

    answer = town.owner.post("/v1/stores", body, **{"Idempotency-Key": ""})

    assert answer.json_body["code"] == "idempotency_key_missing"


def test_what_is_wrong_with_a_store_is_told_by_pointer(town: Town) -> None:
    body = new_store(merchant_id=town.merchant_of(town.owner), preparation_minutes=-5, stars=5)

    answer = town.owner.post("/v1/stores", body)

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json_body["errors"]} == {
        "/preparation_minutes",
        "/stars",
    }


def test_what_does_not_exist_is_not_found(town: Town) -> None:
    merchant_id = NOWHERE.replace("sto", "mer")

    assert town.stranger.get(f"/v1/stores/{NOWHERE}").json_body["code"] == "store_not_found"
    assert town.operator.get(f"/v1/merchants/{merchant_id}").status_code == 404
    assert town.stranger.get("/v1/stores/not-an-id").status_code == 404


def test_an_approved_store_is_seen_by_everybody(town: Town) -> None:
    store_id = town.live()

    seen = town.stranger.get(f"/v1/stores/{store_id}").json_body

    assert (seen["status"], seen["commission_basis_points"]) == ("live", 1000)
    assert seen["location"]["coordinates"] == [126.978, 37.5665]


def test_approving_twice_announces_once(town: Town, told: Told) -> None:
    store_id = town.live()

    answer = town.review(store_id, "approve")

    assert (answer.status_code, answer.json_body["version"]) == (200, 3)
    assert told.types(store_id)[2:] == ["store.approved"]


def test_only_operators_approve(town: Town) -> None:
    store_id = town.draft()

    assert town.owner.post(f"/v1/stores/{store_id}/approve", {"reason": "Mine."}).status_code == 403
    assert town.review(NOWHERE, "approve").status_code == 404


def test_a_suspended_store_is_off_the_list_until_it_is_approved_again(town: Town) -> None:
    store_id = town.live()
    town.review(store_id, "suspend")
    hidden = town.stranger.get("/v1/stores?city=seoul").json_body["data"]

    town.review(store_id, "approve")

    assert hidden == []
    assert len(town.stranger.get("/v1/stores?city=seoul").json_body["data"]) == 1


def test_a_draft_cannot_be_suspended(town: Town) -> None:
    answer = town.review(town.draft(), "suspend")

    assert answer.status_code == 409
    assert answer.json_body["current_status"] == "draft"
    assert answer.json_body["allowed_commands"] == ["approve"]


def test_a_patch_changes_what_it_names_and_nothing_else(town: Town, told: Told) -> None:
    store_id = town.draft()

    answer = town.owner.patch(
        f"/v1/stores/{store_id}", {"preparation_minutes": 25, "phone": None}
    ).json_body

    assert (answer["preparation_minutes"], answer["phone"]) == (25, None)
    assert answer["names"] == {"ko": "한강 피자", "en": "Han River Pizza"}
    assert told.events(store_id)[-1].data == {"changed": ["phone", "preparation_minutes"]}


@pytest.mark.parametrize("patch", [{}, {"preparation_minutes": 15}])
def test_a_patch_that_changes_nothing_announces_nothing(
    town: Town, told: Told, patch: Json
) -> None:
    store_id = town.draft()

    answer = town.owner.patch(f"/v1/stores/{store_id}", patch)

    assert (answer.status_code, answer.json_body["version"]) == (200, 1)
    assert told.types(store_id) == ["store.created"]


@pytest.mark.parametrize("field", ["currency", "timezone", "city", "merchant_id", "status", "id"])
def test_what_a_store_is_from_its_beginning_cannot_be_changed(town: Town, field: str) -> None:
    answer = town.owner.patch(f"/v1/stores/{town.draft()}", {field: "KRW"})

    assert answer.json_body["errors"][0]["code"] == "extra_forbidden"


def test_an_operator_sets_the_terms_once(town: Town, told: Told) -> None:
    store_id = town.draft()
    terms = {"commission_basis_points": 500, "confirm_seconds": 300}

    answers = [
        town.operator.put(f"/v1/stores/{store_id}/terms", {**terms, "reason": "Agreed."})
        for _ in range(2)
    ]

    assert [answer.json_body["version"] for answer in answers] == [2, 2]
    assert answers[0].json_body["confirm_seconds"] == 300
    assert told.events(store_id)[-1].data == terms


@pytest.mark.parametrize(
    "terms",
    [
        {"commission_basis_points": -1},
        {"commission_basis_points": 5001},
        {"confirm_seconds": 179},
        {"confirm_seconds": 901},
    ],
)
def test_terms_have_limits(town: Town, terms: Json) -> None:
    assert (
        town.operator.put(
            f"/v1/stores/{town.draft()}/terms", {**terms, "reason": "No."}
        ).status_code
        == 400
    )


def test_a_store_does_not_set_its_own_terms(town: Town) -> None:
    assert (
        town.owner.put(f"/v1/stores/{town.draft()}/terms", {"reason": "Mine."}).status_code == 403
    )
