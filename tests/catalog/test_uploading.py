"""Menus in bulk: worked later, once, with a word for every line."""

import json
from typing import Any

import pytest

from chalicelib.catalog import events, publishing, upload_lines, uploading
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.upload_models import MenuUpload, UploadText, WaitingUpload, upload_key
from chalicelib.catalog.upload_schemas import NewUpload, UploadFormat
from chalicelib.core import dynamo
from chalicelib.core.errors import UnavailableError
from tests.catalog.conftest import Told
from tests.catalog.shop import Json, Person, Town, group, item, menu
from tests.surroundings import SCHEDULE


def line(id_: str = "bulgogi", **changes: Any) -> Json:  # noqa: ANN401 - any field of JSON
    dish = {name: value for name, value in item(id_).items() if name != "option_groups"}
    return {"category_id": "rice", "category_names": {"en": "Rice"}, **dish, **changes}


def lines(*given: object) -> str:
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in given)


def send(who: Person, store_id: str, content: str, **more: object) -> Json:
    body = {"format": "json_lines", "content": content, **more}
    answer = who.post(f"/v1/stores/{store_id}/menu-uploads", body)
    assert answer.status_code == 202, answer.json_body
    sent: Json = answer.json_body
    return sent


def sweep() -> None:
    events.sweep_uploads(SCHEDULE, None)


def result(who: Person, sent: Json) -> Json:
    path = f"/v1/stores/{sent['store_id']}/menu-uploads/{sent['id']}"
    found: Json = who.get(path).json_body
    return found


def upload(who: Person, store_id: str, content: str, **more: object) -> Json:
    sent = send(who, store_id, content, **more)
    sweep()
    return result(who, sent)


def dishes(town: Town, store_id: str) -> dict[str, list[str]]:
    found = town.owner.get(f"/v1/stores/{store_id}/menu").json_body
    return {one["id"]: [dish["id"] for dish in one["items"]] for one in found["categories"]}


@pytest.fixture
def shop(town: Town) -> str:
    store_id = town.older()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu(item("a", group()), item("b")))
    return store_id


def test_it_waits_and_then_it_is_one_new_version(town: Town, shop: str, told: Told) -> None:
    sent = send(town.owner, shop, lines(line("bulgogi"), line("gimbap")))
    before = dishes(town, shop)

    sweep()

    done = result(town.owner, sent)
    assert (sent["status"], sent["lines"], before) == ("waiting", [], {"pizza": ["a", "b"]})
    assert (done["status"], done["menu_version"], done["problem"]) == ("published", 2, None)
    assert [(one["line"], one["item_id"], one["ok"]) for one in done["lines"]] == [
        (1, "bulgogi", True),
        (2, "gimbap", True),
    ]
    assert dishes(town, shop) == {"pizza": ["a", "b"], "rice": ["bulgogi", "gimbap"]}
    assert told.types(shop).count("menu.published") == 2
    assert uploading.waiting() == []


def test_one_wrong_line_holds_all_up_and_each_is_told(town: Town, shop: str) -> None:
    wrong = lines(line("good"), line("bad", price=-1), "", "{", line("good"), line(allergens=None))

    done = upload(town.owner, shop, wrong)

    assert (done["status"], done["problem"]) == ("refused", "lines_wrong")
    assert [
        (one["line"], one["item_id"], [(why["code"], why["pointer"]) for why in one["errors"]])
        for one in done["lines"]
    ] == [
        (1, "good", []),
        (2, "bad", [("greater_than_equal", "/price")]),
        (4, None, [("json_invalid", "")]),
        (5, "good", [("id_not_unique", "/id")]),
        (6, "bulgogi", [("tuple_type", "/allergens")]),
    ]
    assert dishes(town, shop) == {"pizza": ["a", "b"]}


def test_the_good_lines_are_taken_where_that_was_asked(town: Town, shop: str) -> None:
    done = upload(town.owner, shop, lines(line("good"), line("bad", price=-1)), partial=True)

    assert (done["status"], [one["ok"] for one in done["lines"]]) == ("published", [True, False])
    assert dishes(town, shop)["rice"] == ["good"]


def test_nothing_good_is_nothing_to_publish(town: Town, shop: str) -> None:
    done = upload(town.owner, shop, "{}", partial=True)

    assert (done["status"], done["problem"]) == ("refused", "lines_wrong")


def test_what_a_line_does_not_say_of_an_item_stays(town: Town, shop: str) -> None:
    upload(town.owner, shop, lines(line("a", category_id="pizza", price=1)))

    [category] = town.owner.get(f"/v1/stores/{shop}/menu").json_body["categories"]
    assert [one["id"] for one in category["items"]] == ["a", "b"]
    changed = category["items"][0]
    assert (changed["price"], changed["option_groups"][0]["id"]) == (1, "toppings")
    assert category["names"] == {"en": "Rice"}


def test_an_item_moves_to_another_category_and_an_empty_one_goes(town: Town, shop: str) -> None:
    upload(town.owner, shop, lines(line("a"), line("b", category_names=None)))

    assert dishes(town, shop) == {"rice": ["a", "b"]}


def test_the_lines_can_be_the_whole_menu(town: Town, shop: str) -> None:
    upload(town.owner, shop, lines(line()), replace=True)

    assert dishes(town, shop) == {"rice": ["bulgogi"]}


def test_the_same_menu_again_is_no_new_version(town: Town, shop: str) -> None:
    first = upload(town.owner, shop, lines(line()))

    second = upload(town.owner, shop, lines(line()))

    assert (first["status"], second["status"]) == ("published", "unchanged")
    assert second["menu_version"] is None


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"category_names": None}, "category_unknown", "/category_id"),
        ({"tax_category": "luxury"}, "tax_category_unknown", "/tax_category"),
        ({"나이": 1}, "extra_forbidden", "/??"),
    ],
)
def test_what_the_store_has_not_is_told_by_line(
    town: Town, shop: str, changes: Json, code: str, pointer: str
) -> None:
    done = upload(town.owner, shop, lines(line(**changes)))

    [[why]] = [one["errors"] for one in done["lines"]]
    assert (why["code"], why["pointer"]) == (code, pointer)


def test_what_contradicts_what_stays_is_told_by_line(town: Town) -> None:
    tax = {"included": True, "basis_points": 1000, "categories": {"staple": 0}}
    store_id = town.live(tax=tax)
    town.owner.put(f"/v1/stores/{store_id}/menu", menu(item("a", tax_basis_points=500)))

    done = upload(town.owner, store_id, lines(line("a", tax_category="staple")))

    assert done["lines"][0]["errors"][0]["code"] == "tax_said_twice"


def test_csv_says_the_same(town: Town, shop: str) -> None:
    text = (
        "\ufeffcategory_id,category_name_en,id,name_en,name_ko,price,allergens,diets,"
        "kilocalories,age_restricted,description_en\r\n"
        'rice,Rice,soju,Soju,소주,5000,-,VEGAN|HALAL,120,true,"Cold, clear"\r\n'
        "\r\n"
        "rice,,cola,Cola,,2000,-,-,,,\r\n"
        "rice,,tea,Tea,,cheap,,-,,,\r\n"
        "rice,too,short\r\n"
    )

    done = upload(town.owner, shop, text, format="csv", partial=True)

    told = [[why["code"] for why in one["errors"]] for one in done["lines"]]
    assert told == [[], [], ["int_type", "missing"], ["csv_row"]]
    assert [one["line"] for one in done["lines"]] == [2, 4, 5, 6]
    [_, rice] = town.owner.get(f"/v1/stores/{shop}/menu").json_body["categories"]
    soju = rice["items"][0]
    assert (soju["names"], soju["price"]) == ({"en": "Soju", "ko": "소주"}, 5000)
    assert (soju["diets"], soju["age_restricted"]) == (["VEGAN", "HALAL"], True)
    assert (soju["nutrition"]["kilocalories"], soju["descriptions"]) == (120, {"en": "Cold, clear"})


@pytest.mark.parametrize(
    ("text", "codes"),
    [('"open', ["csv_invalid"]), ('id\n"x"y\n', ["csv_invalid"]), ("\ufeff", []), ("id", [])],
)
def test_what_is_no_csv_is_told(text: str, codes: list[str]) -> None:
    told = upload_lines.read(NewUpload(format=UploadFormat.CSV, content=text))

    assert [why.code for one in told for why in one.errors] == codes


def test_more_lines_than_four_hundred_are_told_once(town: Town, shop: str) -> None:
    done = upload(town.owner, shop, lines(*(line(f"dish-{number}") for number in range(402))))

    assert len(done["lines"]) == 401
    assert done["lines"][-1]["errors"][0]["code"] == "too_many_lines"


def test_a_menu_that_would_be_wrong_or_too_large_is_refused(town: Town, shop: str) -> None:
    many = [line(f"dish-{number}", category_names=None) for number in range(299)]
    many[0]["category_names"] = {"en": "Rice"}
    said = {"descriptions": dict.fromkeys(("en", "ko"), "x" * 1000)}
    large = [line(f"dish-{number}", **said) for number in range(140)]

    wrong = upload(town.owner, shop, lines(*many))
    upload(town.owner, shop, lines(*large), replace=True)
    more = [line(f"more-{number}", **said) for number in range(40)]
    too_large = upload(town.owner, shop, lines(*more))

    assert (wrong["status"], wrong["problem"]) == ("refused", "menu_wrong")
    assert (too_large["status"], too_large["problem"]) == ("refused", "too_large")


def test_a_text_beyond_what_a_menu_may_be_is_refused_at_once(town: Town, shop: str) -> None:
    body = {"format": "csv", "content": "x" * 340_000 + "피" * 10_000}

    answer = town.owner.post(f"/v1/stores/{shop}/menu-uploads", body)

    assert (answer.status_code, answer.json_body["code"]) == (400, "menu_too_large")


def test_the_same_request_is_one_upload(town: Town, shop: str) -> None:
    body, key = {"format": "json_lines", "content": "{}"}, {"Idempotency-Key": "k"}
    path = f"/v1/stores/{shop}/menu-uploads"

    answers = [town.owner.post(path, body, **key) for _ in range(2)]

    assert answers[0].json_body == answers[1].json_body
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len(uploading.waiting()) == 1


def test_an_upload_is_seen_by_its_own_store_alone(town: Town, shop: str) -> None:
    sent = send(town.owner, shop, "{}")
    other = town.live()
    path = f"menu-uploads/{sent['id']}"

    answers = [
        town.machine(shop).get(f"/v1/stores/{shop}/{path}").status_code,
        town.owner.get(f"/v1/stores/{other}/{path}").status_code,
        town.rival.get(f"/v1/stores/{shop}/{path}").status_code,
        town.staff(shop, "till").get(f"/v1/stores/{shop}/{path}").status_code,
        town.owner.get(f"/v1/stores/{shop}/menu-uploads/mup_{'0' * 26}").status_code,
    ]

    assert answers == [200, 404, 404, 403, 404]


def test_of_two_workers_at_once_one_publishes(
    town: Town, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(town.owner, shop, lines(line()))
    [place] = uploading.waiting()
    version_of = publishing.version_of
    begun: list[bool] = []

    def slowly(*given: Any) -> Any:  # noqa: ANN401 - as it is
        if not begun:
            begun.append(True)
            uploading.work(place)
        return version_of(*given)

    monkeypatch.setattr(publishing, "version_of", slowly)

    uploading.work(place)

    assert result(town.owner, sent)["menu_version"] == 2
    assert town.owner.get(f"/v1/stores/{shop}").json_body["menu_version"] == 2
    assert uploading.work(place) is None


def test_a_worker_that_dies_is_followed_by_another_and_the_fifth_is_the_last(
    town: Town, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(town.owner, shop, lines(line()))
    monkeypatch.setattr(uploading, "_publish", _die)

    for _ in range(5):
        with pytest.raises(MemoryError):
            sweep()
    waiting = result(town.owner, sent)["status"]
    sweep()

    done = result(town.owner, sent)
    assert (waiting, done["status"], done["problem"]) == ("waiting", "refused", "gave_up")


def _die(*_: object) -> None:
    raise MemoryError


def test_one_that_fails_holds_nobody_up(
    town: Town, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [send(town.owner, shop, lines(line(name))) for name in ("one", "two")]
    work = uploading.work

    def sometimes(place: WaitingUpload) -> object:
        if place.id == sent[0]["id"]:
            raise UnavailableError
        return work(place)

    monkeypatch.setattr(uploading, "work", sometimes)

    sweep()

    assert [result(town.owner, one)["status"] for one in sent] == ["waiting", "published"]


def test_what_waits_for_an_upload_that_is_forgotten_waits_no_more(town: Town, shop: str) -> None:
    sent = send(town.owner, shop, lines(line()))
    MenuUpload(upload_key(sent["id"]), dynamo.HEAD).delete()

    sweep()

    assert uploading.waiting() == []


def test_an_upload_of_a_newer_release_is_worked(town: Town, shop: str) -> None:
    sent = send(town.owner, shop, lines(line()))
    text = UploadText.get(upload_key(sent["id"]), "TEXT")
    text.update([UploadText.meant.set(json.dumps({**json.loads(text.meant), "newer": 1}))])

    sweep()

    assert result(town.owner, sent)["status"] == "published"


def test_joining_nothing_to_a_menu_is_that_menu() -> None:
    old = Menu.model_validate_json(json.dumps(menu(item("a"))))

    joined, told = upload_lines.joined(old, [], set())

    assert (joined, told) == (old, [])
