"""Cities: what an operator says of one, its stores keep to."""

import pytest

from chalicelib.catalog import cities
from chalicelib.catalog.city_schemas import NewCity
from chalicelib.core import parts
from chalicelib.core.parts import Part
from tests.authorisation.town import CITY
from tests.catalog.shop import Json, Town, new_store

SEOUL = {**CITY, "reason": "We open."}
BUSAN = {**SEOUL, "names": {"en": "Busan"}}


def opened(town: Town, city: str = "seoul", **changes: object) -> Json:
    answer = town.operator.put(f"/v1/cities/{city}", {**SEOUL, **changes})
    assert answer.status_code == 200, answer.json_body
    found: Json = answer.json_body
    return found


def test_everybody_reads_the_cities_that_an_operator_has_opened(town: Town) -> None:
    made = [opened(town), opened(town, "busan", names={"en": "Busan"})]

    assert town.stranger.get("/v1/cities").json_body["items"] == made[::-1]
    assert town.stranger.get("/v1/cities/seoul").json_body == {
        **CITY, "city": "seoul", "version": 1, "zones": [],
    }  # fmt: skip
    assert town.stranger.get("/v1/cities/paris").status_code == 404


def test_repeating_changes_nothing_and_a_change_is_kept(town: Town) -> None:
    versions = [
        opened(town)["version"],
        opened(town)["version"],
        opened(town, languages=["en"])["version"],
    ]

    kept = town.operator.get("/v1/audit?subject=seoul").json_body["items"]
    assert versions == [1, 1, 2]
    assert [one["data"] for one in kept] == [{"version": 2}, {"version": 1}]


@pytest.mark.parametrize("changed", [{"currency": "USD"}, {"timezone": "Asia/Tokyo"}])
def test_time_zone_and_currency_stay(town: Town, changed: Json) -> None:
    opened(town)

    answer = town.operator.put("/v1/cities/seoul", {**SEOUL, **changed})

    assert (answer.status_code, answer.json_body["code"]) == (409, "city_fixed")


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, []),
        ({"timezone": "Asia/Tokyo"}, ["/timezone"]),
        ({"currency": "USD"}, ["/currency"]),
        ({"location": {"type": "Point", "coordinates": [129.0, 35.1]}}, ["/location"]),
    ],
)
def test_a_store_fits_into_its_city(town: Town, changed: Json, wrong: list[str]) -> None:
    opened(town)
    body = new_store(merchant_id=town.merchant_of(town.owner), **changed)

    answer = town.owner.post("/v1/stores", body)

    assert (answer.status_code == 201) == (not wrong)
    assert [one["pointer"] for one in answer.json_body.get("errors", [])] == wrong


def test_a_store_does_not_move_out_of_its_city(town: Town) -> None:
    store_id = town.draft()
    opened(town)
    moves = {"in": [127.0, 37.5], "out": [129.0, 35.1]}

    statuses = {
        name: town.owner.patch(
            f"/v1/stores/{store_id}", {"location": {"type": "Point", "coordinates": place}}
        ).status_code
        for name, place in moves.items()
    }

    assert statuses == {"in": 200, "out": 400}


def test_a_city_of_which_nobody_has_said_anything_has_no_rules(town: Town) -> None:
    store_id = town.draft(currency="USD")

    away = {"location": {"type": "Point", "coordinates": [2.3, 48.8]}}
    assert town.owner.patch(f"/v1/stores/{store_id}", away).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"bounds": {"west": 127.2, "south": 37.4, "east": 126.7, "north": 37.7}},
        {"languages": []},
        {"languages": ["xx"]},
        {"reason": ""},
        {"timezone": "Asia/Nowhere"},
    ],
)
def test_a_city_is_said_well(town: Town, changed: Json) -> None:
    assert town.operator.put("/v1/cities/seoul", {**SEOUL, **changed}).status_code == 400


def test_nobody_but_an_operator_opens_one(town: Town) -> None:
    assert town.owner.put("/v1/cities/seoul", SEOUL).status_code == 403
    assert town.operator.put("/v1/cities/A", SEOUL).status_code == 404


def test_of_two_changes_at_once_both_happen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(town)
    commit = parts.commit

    def overtaken(*made: Part) -> None:
        monkeypatch.setattr(parts, "commit", commit)
        opened(town, languages=["en"])
        commit(*made)

    monkeypatch.setattr(parts, "commit", overtaken)
    new = NewCity.model_validate({**SEOUL, "names": {"en": "Sŏul"}})

    assert cities.put(town.operator.caller, "seoul", new).version == 3


# --- what bringing an order may cost -------------------------------------------------------------

HERE = [[[126.8, 37.5], [127.0, 37.5], [127.0, 37.6], [126.8, 37.6], [126.8, 37.5]]]
MAPO = {
    "id": "mapo", "names": {"en": "Mapo"}, "area": {"type": "Polygon", "coordinates": HERE},
    "fees": {"least": 2000, "most": 4000, "most_minimum": 15_000},
}  # fmt: skip


def delivers(fee: int, minimum: int = 10_000) -> Json:
    area = {"type": "Radius", "metres": 2000}
    zone = {"area": area, "fee": fee, "minimum": minimum, "eta_minutes": 20}
    return {"zones": [zone], "delivered_by": "platform"}


def test_the_fees_of_platform_deliveries_keep_to_the_rule_of_their_part_of_the_city(
    town: Town,
) -> None:
    opened(town, zones=[MAPO])
    merchant = town.merchant_of(town.owner)
    answers = [
        town.owner.post("/v1/stores", new_store(merchant_id=merchant, **said))
        for said in (delivers(2000), delivers(1999), delivers(4001, 20_000), OWN_PEOPLE)
    ]
    store_id = answers[0].json_body["id"]
    dearer = town.owner.patch(f"/v1/stores/{store_id}", {"zones": delivers(5000)["zones"]})
    renamed = town.owner.patch(f"/v1/stores/{store_id}", {"preparation_minutes": 20})
    own = town.owner.patch(f"/v1/stores/{store_id}", {**delivers(5000), "delivered_by": "store"})

    assert [one.status_code for one in answers] == [201, 400, 400, 201]
    assert [error["pointer"] for error in answers[2].json_body["errors"]] == [
        "/zones/0/fee",
        "/zones/0/minimum",
    ]
    assert (dearer.status_code, dearer.json_body["code"]) == (400, answers[1].json_body["code"])
    assert [renamed.status_code, own.status_code] == [200, 200]


OWN_PEOPLE = {**delivers(9000), "delivered_by": "store"}


def test_a_rule_that_leaves_no_room_is_refused(town: Town) -> None:
    empty = {**MAPO, "fees": {"least": 3000, "most": 2000}}

    assert town.operator.put("/v1/cities/seoul", {**SEOUL, "zones": [empty]}).status_code == 400
