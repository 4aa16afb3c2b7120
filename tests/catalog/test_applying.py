"""How somebody becomes a merchant: draft, submitted, reviewed."""

from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.catalog import applying, merchants
from chalicelib.catalog.application_schemas import NewApplication, Review
from chalicelib.core.errors import ConflictError
from chalicelib.core.rights import Role
from tests import database, pool
from tests.catalog.shop import Json, Person, Town, new_store

ABOUT = {"name": "Jun's", "legal_name": "Jun Ltd.", "country": "KR", "registration": "110-81"}
APPROVED = {"verdict": "approved", "reason": "Registered and known."}
SENT_BACK = {
    "verdict": "needs_changes",
    "reason": "No number.",
    "reasons": [{"code": "registration_missing", "detail": "Please give the number."}],
}
REJECTED = {"verdict": "rejected", "reason": "Twice.", "reasons": [{"code": "duplicate"}]}


@pytest.fixture
def jun(town: Town) -> Person:
    pool.settle(jun="jun@example.com")
    return town.person("jun", Role.CUSTOMER)


def draft(person: Person, **changes: Any) -> str:  # noqa: ANN401 - any field of JSON
    answer = person.post("/v1/applications", {**ABOUT, **changes})
    assert answer.status_code == 201, answer.json_body
    return f"/v1/applications/{answer.json_body['id']}"


def submitted(person: Person) -> str:
    path = draft(person)
    assert person.post(f"{path}/submit").status_code == 200
    return path


def test_somebody_applies_is_approved_and_owns_a_merchant(town: Town, jun: Person) -> None:
    path = submitted(jun)
    waiting = town.operator.get("/v1/applications/waiting").json_body["items"]

    answer = town.operator.post(f"{path}/review", APPROVED)

    merchant_id = answer.json_body["merchant_id"]
    assert [one["status"] for one in waiting] == ["submitted"]
    assert answer.json_body["status"] == "approved"
    assert merchants.owns(merchant_id, "jun")
    assert pool.groups_of("jun") == {"customer", "merchant"}
    owner = town.person("jun-again", Role.MERCHANT)
    town.callers["jun-again"] = type(owner.caller)("jun", frozenset({Role.MERCHANT}))
    assert owner.get(f"/v1/merchants/{merchant_id}").json_body["legal_name"] == "Jun Ltd."
    assert owner.post("/v1/stores", new_store(merchant_id=merchant_id)).status_code == 201
    assert town.operator.get("/v1/applications/waiting").json_body["items"] == []


def test_what_is_sent_back_says_why_and_may_be_submitted_again(town: Town, jun: Person) -> None:
    path = submitted(jun)
    town.operator.post(f"{path}/review", SENT_BACK)
    told = jun.get(path).json_body

    jun.put(path, {**ABOUT, "registration": "110-82"})
    again = jun.post(f"{path}/submit").json_body

    assert (told["status"], told["reasons"]) == ("needs_changes", SENT_BACK["reasons"])
    assert (again["status"], again["reasons"], again["registration"]) == (
        "submitted", [], "110-82",
    )  # fmt: skip
    assert len(town.operator.get("/v1/applications/waiting").json_body["items"]) == 1


def tell(town: Town, jun: Person, path: str, command: str) -> HTTPResponse:
    if command == "change":
        return jun.put(path, {**ABOUT, "name": "Another"})
    if command == "submit":
        return jun.post(f"{path}/submit")
    body = {"approve": APPROVED, "send back": SENT_BACK, "reject": REJECTED}[command]
    return town.operator.post(f"{path}/review", body)


COMMANDS = ("change", "submit", "approve", "send back", "reject")


@pytest.mark.parametrize(
    ("before", "statuses"),
    [
        ([], (200, 200, 409, 409, 409)),
        (["submit"], (409, 200, 200, 200, 200)),
        (["submit", "send back"], (200, 200, 409, 200, 409)),
        (["submit", "approve"], (409, 409, 200, 409, 409)),
        (["submit", "reject"], (409, 409, 409, 409, 200)),
    ],
)
def test_an_application_goes_its_way_and_no_other(
    town: Town, jun: Person, before: list[str], statuses: tuple[int, ...]
) -> None:
    path = draft(jun)
    for command in before:
        assert tell(town, jun, path, command).status_code == 200
    kept = database.keep()

    found = []
    for command in COMMANDS:
        answer = tell(town, jun, path, command)
        found.append(answer.status_code)
        if answer.status_code == 409:
            assert {"current_status", "allowed_in"} <= answer.json_body.keys()
        database.lay_out(kept)

    assert tuple(found) == statuses


def test_approving_twice_makes_one_merchant_and_one_record(town: Town, jun: Person) -> None:
    path = submitted(jun)

    answers = [town.operator.post(f"{path}/review", APPROVED).json_body for _ in range(2)]

    records = town.operator.get(f"/v1/audit?subject={path.rpartition('/')[2]}").json_body["items"]
    assert answers[0] == answers[1]
    assert [one["action"] for one in records] == ["application.approved"]


def test_who_was_not_made_a_merchant_by_the_pool_is_by_asking_again(
    town: Town, jun: Person
) -> None:
    path = submitted(jun)
    del pool._pool().groups["merchant"]
    refused = town.operator.post(f"{path}/review", APPROVED)
    pool.renew()
    pool.settle(jun="jun@example.com")

    again = town.operator.post(f"{path}/review", APPROVED)

    assert (refused.status_code, again.status_code) == (503, 200)
    assert pool.groups_of("jun") == {"customer", "merchant"}


def test_of_two_verdicts_at_once_one_stands(
    town: Town, jun: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = submitted(jun)
    application_id = path.rpartition("/")[2]
    reviewed = applying._reviewed

    def overtaken(*given: Any) -> Any:  # noqa: ANN401 - the parts
        monkeypatch.setattr(applying, "_reviewed", reviewed)
        town.operator.post(f"{path}/review", REJECTED)
        return reviewed(*given)

    monkeypatch.setattr(applying, "_reviewed", overtaken)

    with pytest.raises(ConflictError):
        applying.review(town.operator.caller, application_id, Review.model_validate(APPROVED))
    assert jun.get(path).json_body["status"] == "rejected"
    assert jun.get(path).json_body["merchant_id"] is None


def test_repeating_the_request_begins_one(town: Town, jun: Person) -> None:
    key = {"Idempotency-Key": "k"}

    answers = [jun.post("/v1/applications", ABOUT, **key) for _ in range(2)]

    assert town.operator.get("/v1/applications/waiting").json_body["items"] == []
    assert answers[0].json_body == answers[1].json_body
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len(jun.get("/v1/applications").json_body["items"]) == 1


def test_ten_applications_a_day_are_enough(jun: Person) -> None:
    statuses = [jun.post("/v1/applications", ABOUT).status_code for _ in range(11)]

    assert statuses == [201] * 10 + [429]


def test_an_application_is_its_writers_alone(town: Town, jun: Person) -> None:
    path = submitted(jun)
    other = town.person("eva", Role.CUSTOMER)

    asked = [other.get(path), other.put(path, ABOUT), other.post(f"{path}/submit")]

    assert [one.status_code for one in asked] == [404] * 3
    assert other.get("/v1/applications").json_body["items"] == []
    assert jun.post(f"{path}/review", APPROVED).status_code == 403
    assert jun.get("/v1/applications/waiting").status_code == 403


@pytest.mark.parametrize(
    "verdict",
    [
        {"verdict": "approved"},
        {**APPROVED, "reasons": [{"code": "other"}]},
        {"verdict": "rejected", "reason": "No."},
        {"verdict": "submitted", "reason": "No."},
    ],
)
def test_a_verdict_says_why_to_the_record_and_to_who_is_refused(
    town: Town, jun: Person, verdict: Json
) -> None:
    assert town.operator.post(f"{submitted(jun)}/review", verdict).status_code == 400


def test_an_application_that_newer_code_wrote_is_read() -> None:
    body = NewApplication.model_validate_json('{"name":"a","legal_name":"b","country":"KR"}')

    assert body.registration is None
