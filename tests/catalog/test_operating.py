"""What operators decide about stores: only what is complete goes live, and why is kept."""

import json

import pytest

from chalicelib.catalog import completeness
from chalicelib.catalog.models import StoreHead, store_key
from chalicelib.core import audit
from tests import database
from tests.catalog.shop import Json, Town, item, menu, parsed, store
from tests.clocks import StandingClock

TAXED = item("tea", tax_category="drinks")


@pytest.mark.parametrize(
    ("changes", "items", "lacks"),
    [
        ({}, [item()], []),
        ({"hours": []}, [item()], ["hours_missing"]),
        ({"zones": []}, [item()], ["zone_missing"]),
        ({"zones": [], "fulfilment": ["takeaway"]}, [item()], []),
        ({}, [TAXED], ["tax_missing"]),
        (
            {"tax": {"included": True, "basis_points": 1000, "categories": {"drinks": 0}}},
            [TAXED],
            [],
        ),
    ],
)
def test_a_store_is_told_each_thing_that_it_lacks(
    changes: Json, items: list[Json], lacks: list[str]
) -> None:
    found = completeness.missing(store(**changes), parsed(*items))

    assert [one.code for one in found] == lacks
    assert all(one.detail for one in found)


def test_a_draft_without_menu_hours_and_zone_is_not_let_live(town: Town) -> None:
    store_id = town.draft(hours=[], zones=[])

    refused = town.review(store_id, "approve")
    asked = town.owner.get(f"/v1/stores/{store_id}/readiness").json_body

    codes = ["menu_missing", "hours_missing", "zone_missing"]
    assert (refused.status_code, refused.json_body["code"]) == (409, "store_incomplete")
    assert [one["code"] for one in refused.json_body["missing"]] == codes
    assert [one["code"] for one in asked["missing"]] == codes
    assert (asked["complete"], asked["status"]) == (False, "draft")
    assert database.rows("test-audit") == []


def test_a_menu_without_items_is_none(town: Town) -> None:
    store_id = town.draft()
    empty = {"categories": [{"id": "pizza", "names": {"en": "Pizza"}, "items": []}]}
    assert town.owner.put(f"/v1/stores/{store_id}/menu", empty).status_code == 200

    assert town.review(store_id, "approve").json_body["missing"][0]["code"] == "menu_missing"


def test_a_complete_store_goes_live(town: Town) -> None:
    store_id = town.draft()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu())

    ready = town.operator.get(f"/v1/stores/{store_id}/readiness").json_body

    assert (ready["complete"], ready["missing"]) == (True, [])
    assert town.review(store_id, "approve").json_body["status"] == "live"


def test_a_store_that_older_releases_let_live_stays_as_it_is(town: Town) -> None:
    store_id = town.older()

    again = town.review(store_id, "approve")

    assert (again.status_code, again.json_body["status"]) == (200, "live")
    assert town.stranger.get(f"/v1/stores/{store_id}").status_code == 200


def test_what_an_operator_does_is_kept_with_why_and_once(
    clock_at: StandingClock, town: Town
) -> None:
    store_id = town.live()
    for verdict in ("suspend", "suspend", "approve"):
        clock_at.move(1)
        town.review(store_id, verdict)
    terms = {"commission_basis_points": 900, "reason": "Agreed."}
    clock_at.move(1)
    town.operator.put(f"/v1/stores/{store_id}/terms", terms)

    shown = town.operator.get(f"/v1/audit?subject={store_id}").json_body["items"]

    assert [one["action"] for one in shown] == [
        "store.terms_set", "store.approved", "store.suspended", "store.approved",
    ]  # fmt: skip
    assert shown[0]["data"] == {"commission_basis_points": 900, "confirm_seconds": 480}
    assert {one["actor"] for one in shown} == {"operator:opal"}
    assert {one["reason"] for one in shown} == {"Looked at.", "Agreed."}


def test_a_day_is_read_page_by_page_newest_first(clock_at: StandingClock, town: Town) -> None:
    store_id = town.live()
    for verdict in ("suspend", "approve", "suspend"):
        clock_at.move(1)
        town.review(store_id, verdict)

    found, cursor = [], ""
    while True:
        page = town.operator.get(f"/v1/audit?day=2026-11-22&limit=2{cursor}").json_body
        found += [one["action"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert found == ["store.suspended", "store.approved", "store.suspended", "store.approved"]


@pytest.mark.parametrize(
    "query",
    ["", "day=2026-11-22&subject=sto_1", "day=22.11.2026", "day=2026-11-22&cursor=e30"],
)
def test_one_list_is_asked_for_and_well(town: Town, query: str) -> None:
    assert town.operator.get(f"/v1/audit?{query}").status_code == 400


def test_nobody_but_operators_reads_it(town: Town) -> None:
    people = (town.owner, town.customer, town.stranger)

    assert [one.get("/v1/audit?day=2026-11-22").status_code for one in people] == [403, 403, 401]


@pytest.mark.parametrize("verdict", ["approve", "suspend"])
@pytest.mark.parametrize("body", [None, {}, {"reason": ""}, {"reason": "x" * 201}])
def test_an_operator_says_why(town: Town, verdict: str, body: object) -> None:
    answer = town.operator.post(f"/v1/stores/{town.draft()}/{verdict}", body)

    assert answer.status_code == 400


def test_neither_the_change_nor_its_record_is_without_the_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = town.live()
    monkeypatch.setattr(
        audit, "day_key", lambda _: json.dumps(StoreHead(store_key(store_id)).pk)[:0]
    )

    town.review(store_id, "suspend")

    assert town.stranger.get(f"/v1/stores/{store_id}").json_body["status"] == "live"
