import base64

import pytest

from chalicelib.catalog.models import city_shard
from tests.catalog.shop import Json, Town
from tests.clocks import StandingClock


def open_stores(town: Town, clock: StandingClock, count: int, **changes: str) -> list[str]:
    stores = []
    for _ in range(count):
        clock.move(1)
        stores.append(town.live(**changes))
    return stores


def walk(town: Town, city: str, limit: int) -> list[list[str]]:
    pages: list[list[str]] = []
    cursor = ""
    while True:
        path = f"/v1/stores?city={city}&limit={limit}{cursor}"
        page: Json = town.stranger.get(path).json_body
        pages.append([store["id"] for store in page["data"]])
        if page["next_cursor"] is None:
            return pages
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("limit", [1, 5, 12, 100])
def test_pages_of_any_size_show_every_store_once_in_the_order_of_listing(
    town: Town, clock_at: StandingClock, limit: int
) -> None:
    stores = open_stores(town, clock_at, 12)

    pages = walk(town, "seoul", limit)

    assert [store for page in pages for store in page] == stores
    assert all(len(page) == limit for page in pages[:-1])


def test_stores_spread_over_shards() -> None:
    shards = {city_shard("seoul", f"sto_{number:026d}") for number in range(200)}

    assert len(shards) == 16


def test_a_city_shows_its_own_stores_only(town: Town, clock_at: StandingClock) -> None:
    open_stores(town, clock_at, 1, city="busan")

    assert walk(town, "seoul", 5) == [[]]


def test_a_store_listed_meanwhile_shifts_no_page(town: Town, clock_at: StandingClock) -> None:
    first, second = open_stores(town, clock_at, 2)
    page = town.stranger.get("/v1/stores?city=seoul&limit=1").json_body
    [third] = open_stores(town, clock_at, 1)

    rest = town.stranger.get(f"/v1/stores?city=seoul&cursor={page['next_cursor']}").json_body

    assert [store["id"] for store in page["data"]] == [first]
    assert [store["id"] for store in rest["data"]] == [second, third]


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "%00",
        "é",
        encoded("seoul"),
        encoded("seoul/"),
        encoded("busan/2026-11-22T12:00:00.000Z#sto_00000000000000000000000000"),
        encoded("seoul/2026-11-22T12:00:00.000Z#sto_0"),
        encoded("seoul/\U0001f600"),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_that_we_did_not_give_is_refused(town: Town, cursor: str) -> None:
    answer = town.stranger.get(f"/v1/stores?city=seoul&cursor={cursor}")

    assert (answer.status_code, answer.json_body["code"]) == (400, "cursor_unknown")


@pytest.mark.parametrize(
    "query", ["", "city=", "city=Seoul", "city=seoul&limit=0", "city=seoul&limit=101", "city=a&b=c"]
)
def test_a_list_is_asked_for_by_city_and_within_limits(town: Town, query: str) -> None:
    assert town.stranger.get(f"/v1/stores?{query}").status_code == 400
