import pytest

from chalicelib.catalog import publishing, reading
from chalicelib.catalog.menu_schemas import LARGEST_MENU
from chalicelib.catalog.models import MenuVersion, menu_key, store_key
from chalicelib.core import dynamo
from tests.catalog.conftest import Told
from tests.catalog.shop import Json, Town, group, item, menu, parsed

DISHES = [item(f"dish-{number}", group()) for number in range(300)]


def large(length: int) -> Json:
    texts = dict.fromkeys(("ko", "en"), "피" * length)
    return menu(*({**dish, "descriptions": texts} for dish in DISHES))


def test_a_menu_is_there_for_everybody_as_it_was_published(town: Town) -> None:
    store_id = town.older()
    dishes = menu(item("a", group()), item("b"))

    published = town.owner.put(f"/v1/stores/{store_id}/menu", dishes).json_body
    read = town.stranger.get(f"/v1/stores/{store_id}/menu").json_body

    assert published == read
    assert (read["version"], read["currency"], read["store_id"]) == (1, "KRW", store_id)
    assert [dish["id"] for dish in read["categories"][0]["items"]] == ["a", "b"]


def test_before_the_first_menu_there_is_none(town: Town) -> None:
    answer = town.stranger.get(f"/v1/stores/{town.older()}/menu")

    assert (answer.status_code, answer.json_body["code"]) == (404, "menu_not_found")


def test_the_menu_of_a_draft_is_for_its_own_people(town: Town) -> None:
    store_id = town.draft()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu())

    assert town.owner.get(f"/v1/stores/{store_id}/menu").status_code == 200
    assert town.stranger.get(f"/v1/stores/{store_id}/menu").status_code == 404


def test_publishing_the_same_menu_again_makes_no_new_version(town: Town, told: Told) -> None:
    store_id = town.live()

    answers = [town.owner.put(f"/v1/stores/{store_id}/menu", menu()) for _ in range(2)]

    assert [answer.json_body["version"] for answer in answers] == [1, 1]
    assert told.types(store_id).count("menu.published") == 1


def test_an_old_version_stays_as_it_was(town: Town) -> None:
    store_id = town.older()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu(item("old")))

    second = town.machine(store_id).put(f"/v1/stores/{store_id}/menu", menu(item("new")))

    assert second.json_body["version"] == 2
    old = dynamo.get(MenuVersion, store_key(store_id), menu_key(1))
    assert old is not None
    assert reading.menu_of(old).item("old") is not None


def test_an_unchanged_menu_costs_a_304(town: Town) -> None:
    store_id = town.live()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu())
    etag = town.stranger.get(f"/v1/stores/{store_id}/menu").headers["ETag"]
    same = town.stranger.get(f"/v1/stores/{store_id}/menu", **{"If-None-Match": etag})
    town.owner.put(f"/v1/stores/{store_id}/menu", menu(item("new")))

    other = town.stranger.get(f"/v1/stores/{store_id}/menu", **{"If-None-Match": etag})

    assert (same.status_code, other.status_code) == (304, 200)


def test_a_large_menu_in_korean_fits(town: Town) -> None:
    store_id = town.live()

    answer = town.owner.put(f"/v1/stores/{store_id}/menu", large(60))

    assert answer.status_code == 200
    assert len(publishing.encode(parsed(*large(60)["categories"][0]["items"]))) > 200_000


@pytest.mark.parametrize(
    ("length", "status", "code"), [(150, 400, "menu_too_large"), (400, 413, "too_large")]
)
def test_a_menu_beyond_what_can_be_stored_is_refused(
    town: Town, length: int, status: int, code: str
) -> None:
    answer = town.owner.put(f"/v1/stores/{town.draft()}/menu", large(length))

    assert (answer.status_code, answer.json_body["code"]) == (status, code)


def test_the_limit_leaves_room_below_the_largest_item_of_dynamodb() -> None:
    assert LARGEST_MENU < 400 * 1024 - 1024


def test_a_wrong_menu_is_told_by_pointer(town: Town) -> None:
    answer = town.owner.put(f"/v1/stores/{town.draft()}/menu", menu(item(price=-1)))

    assert answer.json_body["errors"][0]["pointer"] == "/categories/0/items/0/price"
