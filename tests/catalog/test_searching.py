"""Searching a city for stores and items."""

import json
import random
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.catalog import events as catalog_events
from chalicelib.catalog import indexing, misspelt, publishing, searching, words
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.search_models import SearchText, TextRow, text_key
from chalicelib.catalog.search_schemas import SearchQuery
from chalicelib.catalog.words import Term
from chalicelib.core import parts
from tests import database
from tests.catalog.shop import NOWHERE, SEOUL, Json, Town, item, menu, parsed, store
from tests.clocks import StandingClock
from tests.surroundings import SCHEDULE


def dish(id_: str, ko: str, en: str) -> Json:
    return item(id_, names={"ko": ko, "en": en})


CHICKEN = menu(
    dish("yangnyeom", "양념 치킨", "Seasoned chicken"),
    dish("fried", "후라이드 치킨", "Fried chicken"),
    dish("cola", "콜라", "Cola"),
)


def names(ko: str, en: str) -> Json:
    return {"names": {"ko": ko, "en": en}}


def opened(town: Town, said: Json = CHICKEN, **changes: object) -> str:
    store_id = town.live(**changes)
    assert town.owner.put(f"/v1/stores/{store_id}/menu", said).status_code == 200
    return store_id


def search(town: Town, q: str, **more: object) -> Json:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    answer = town.stranger.get(f"/v1/search?q={quote(q)}&city=seoul{query}")
    assert answer.status_code == 200, answer.json_body
    found: Json = answer.json_body
    return found


def items_of(town: Town, q: str) -> list[list[str]]:
    return [[one["id"] for one in found["items"]] for found in search(town, q)["data"]]


@pytest.mark.parametrize(
    ("q", "items"),
    [
        ("양념치킨", ["yangnyeom"]),
        ("치킨", ["yangnyeom", "fried"]),
        ("chick", ["yangnyeom", "fried"]),
        ("fried chickens", ["fried"]),
        ("ㅋㄹ", ["cola"]),
        ("한강 콜라", ["cola"]),
        ("콜라 한강", ["cola"]),
        ("river cola", ["cola"]),
    ],
)
def test_items_are_found_by_all_words_in_their_names_and_their_stores(
    town: Town, q: str, items: list[str]
) -> None:
    opened(town)

    assert items_of(town, q) == [items]


@pytest.mark.parametrize("q", ["한강 피자", "river", "ㅎㄱ"])
def test_a_store_is_found_by_its_own_names(town: Town, q: str) -> None:
    store_id = opened(town)

    [found] = search(town, q)["data"]

    assert (found["id"], found["items"]) == (store_id, [])


@pytest.mark.parametrize("q", ["짜장면", "양념 콜라", "!!"])
def test_what_no_name_holds_is_not_found(town: Town, q: str) -> None:
    opened(town)

    assert search(town, q) == {"data": [], "next_cursor": None}


def test_another_city_is_not_searched(town: Town) -> None:
    opened(town, city="busan")

    assert search(town, "치킨")["data"] == []


def test_a_new_menu_is_found_and_the_old_one_no_longer(town: Town) -> None:
    store_id = opened(town)

    town.owner.put(f"/v1/stores/{store_id}/menu", menu(dish("jjajang", "짜장면", "Noodles")))

    assert items_of(town, "짜장") == [["jjajang"]]
    assert items_of(town, "치킨") == []
    held = [row["pk"] for row in database.rows("test-catalog") if row["pk"].startswith("TEXT#")]
    assert not [key for key in held if key.endswith("s:치킨")]


def test_a_store_is_found_by_its_new_name(town: Town) -> None:
    store_id = opened(town)

    town.owner.patch(f"/v1/stores/{store_id}", names("바다 통닭", "Sea Chicken"))

    assert [one["id"] for one in search(town, "바다")["data"]] == [store_id]
    assert search(town, "한강")["data"] == []


def test_a_suspended_store_is_not_found(town: Town) -> None:
    store_id = opened(town)

    town.review(store_id, "suspend")

    assert search(town, "치킨")["data"] == []


def test_from_a_point_stores_come_with_terms_the_nearer_first(town: Town) -> None:
    lon, lat = SEOUL
    far = opened(town, location={"type": "Point", "coordinates": [lon + 0.3, lat]})
    near = opened(town)

    found = search(town, "치킨", lat=lat, lon=lon)["data"]

    assert [one["id"] for one in found] == [near, far]
    assert [one["delivery_fee"] for one in found] == [3000, None]
    assert [one["eta_minutes"] for one in found] == [35, 15]
    assert found[0]["distance_metres"] == 0


def test_pages_show_every_store_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = {opened(town) for _ in range(5)}
    monkeypatch.setattr(searching, "ROWS", 3)
    shown: list[str] = []
    more: Json = {}

    while True:
        page = search(town, "양념 치킨", limit=2, **more)
        shown += [one["id"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        more = {"cursor": page["next_cursor"]}

    assert len(shown) == 5
    assert set(shown) == stores


def test_the_shortest_whole_list_is_gone_through(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rare word finds its store on the first page, though a common one fills many."""
    for _ in range(4):
        opened(town)
    rare = opened(town, menu(dish("garlic", "마늘 치킨", "Garlic chicken")))
    monkeypatch.setattr(searching, "ROWS", 3)

    page = search(town, "치킨 마늘")

    assert [one["id"] for one in page["data"]] == [rare]
    assert page["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "e30", "eyJrZXkiOiJzOngiLCJhZnRlciI6IngifQ"])
def test_a_cursor_of_another_search_is_refused(town: Town, cursor: str) -> None:
    answer = town.stranger.get(f"/v1/search?q=a&city=seoul&cursor={cursor}")

    assert (answer.status_code, answer.json_body["code"]) == (400, "cursor_unknown")


@pytest.mark.parametrize("query", ["city=seoul", "q=a", "q=a&city=seoul&lat=1", "q=&city=seoul"])
def test_a_search_is_asked_for_whole(town: Town, query: str) -> None:
    assert town.stranger.get(f"/v1/search?{query}").status_code == 400


def test_a_publication_that_was_cut_off_is_finished_when_it_is_sent_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = town.live()
    real, calls = parts.commit, []

    def dying(*made: parts.Part) -> None:
        if not isinstance(made[0].item, TextRow):
            real(*made)
            return
        calls.append(made)
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as patched:
        patched.setattr(parts, "commit", dying)
        assert town.owner.put(f"/v1/stores/{store_id}/menu", CHICKEN).status_code == 500
    assert calls
    assert search(town, "치킨")["data"] == []

    assert town.owner.put(f"/v1/stores/{store_id}/menu", CHICKEN).status_code == 200

    assert [one["id"] for one in search(town, "치킨")["data"]] == [store_id]


def test_of_two_who_write_at_once_the_one_who_was_overtaken_writes_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = opened(town)
    real = parts.commit
    newer = menu(dish("jjajang", "짜장면", "Noodles"))

    def overtaken(*made: parts.Part) -> None:
        """Before the rows of the older menu are written, a newer one is published whole."""
        if isinstance(made[0].item, TextRow):
            monkeypatch.setattr(parts, "commit", real)
            assert town.owner.put(f"/v1/stores/{store_id}/menu", newer).status_code == 200
        real(*made)

    monkeypatch.setattr(parts, "commit", overtaken)
    older = menu(dish("udon", "우동", "Udon"))
    assert town.owner.put(f"/v1/stores/{store_id}/menu", older).status_code == 200

    assert items_of(town, "짜장") == [["jjajang"]]
    assert items_of(town, "우동") == []
    [note] = [row for row in database.rows("test-catalog") if row["sk"] == "TEXT"]
    assert note["whole"]


def test_an_operator_brings_the_search_of_an_older_release_up(town: Town) -> None:
    store_id = opened(town)
    for row in database.raw("test-catalog"):
        if row["pk"]["S"].startswith("TEXT#") or row["sk"]["S"] == "TEXT":
            database.remove("test-catalog", {"pk": row["pk"], "sk": row["sk"]})
    assert search(town, "치킨")["data"] == []

    town.operator.post("/v1/stores/relist?city=seoul")

    assert [one["id"] for one in search(town, "치킨")["data"]] == [store_id]


def test_a_large_menu_has_a_bounded_number_of_rows_of_a_bounded_size() -> None:
    dishes = [
        dish(f"d{number}", f"{chr(0xAC00 + 7 * number)}{chr(0xAC01 + 11 * number)}찜 {number}",
             f"Stew {number} {number * 7919} of the house")
        for number in range(300)
    ]  # fmt: skip

    rows = indexing.rows(store(menu_version=1), parsed(*dishes))

    assert len(rows) <= indexing.MOST_KEYS
    assert max(len(row.encode()) for row in rows.values()) < 16_000
    assert max(len(json.loads(row)["items"]) for row in rows.values()) <= indexing.MOST_OF_STORE


def test_notes_of_a_newer_release_are_read(town: Town) -> None:
    store_id = opened(town)
    [raw] = [row for row in database.raw("test-catalog") if row["sk"]["S"] == "TEXT"]

    note = SearchText.from_raw_data({**raw, "v": {"N": "9"}, "surprise": {"S": "?"}})

    assert note.whole
    indexing.follow(store_id)
    indexing.follow(NOWHERE)


WORDS = ("양념", "치킨", "마늘", "떡볶이", "pizza", "Burgers", "rolls", "김밥")


def some_names(chance: random.Random) -> Json:
    return {"names": {"ko": " ".join(chance.sample(WORDS, 2)), "en": chance.choice(WORDS)}}


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_what_is_found_is_what_going_through_all_menus_finds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    with database.open_with("test"):
        found: dict[str, tuple[list[str], list[Json]]] = {}
        for number in range(8):
            own = some_names(chance)["names"]
            dishes = [item(f"d{one}", **some_names(chance)) for one in range(6)]
            made = store(id=f"sto_{number:026d}", names=own, menu_version=1)
            for key, hits in indexing.rows(made, parsed(*dishes)).items():
                TextRow(text_key("seoul", key), indexing.place(made), hits=hits).save()
            found[f"STORE#{made.id}"] = ([*own.values()], dishes)
        for _ in range(5):
            asked = words.terms(" ".join(chance.sample(WORDS, chance.randint(1, 3))))
            query = SearchQuery(q="x", city="seoul")

            place, listed = searching._listed(query, asked)
            judged = searching._hits(query, asked, place, listed)

            assert {one.pk for one in judged} == {
                pk for pk, (own, dishes) in found.items() if holds(own, dishes, asked)
            }


def holds(own: list[str], dishes: list[Json], asked: list[Term]) -> bool:
    texts = [own, *([*dish["names"].values(), *own] for dish in dishes)]
    return any(all(words.holds(some, term) for term in asked) for some in texts)


# --- ranking, typing errors, and what was cut off -------------------------------------------------


def found_ids(town: Town, q: str, **more: object) -> list[str]:
    return [one["id"] for one in search(town, q, **more)["data"]]


def at(metres_east: float) -> Json:
    lon, lat = SEOUL
    return {"type": "Point", "coordinates": [round(lon + metres_east / 88_000, 6), lat]}


def test_better_matches_come_first_then_open_then_near_then_well_rated(town: Town) -> None:
    lon, lat = SEOUL
    shut = opened(town, location=at(100))
    town.owner.post(f"/v1/stores/{shut}/pause", {"reason": "busy"})
    far, rated, near = (opened(town, location=at(metres)) for metres in (900, 150, 100))
    StoreHead(f"STORE#{rated}", "HEAD").update(
        [StoreHead.rating_hundredths.set(480), StoreHead.rating_count.set(9)]
    )
    dish_ = opened(town, menu(dish("chicken", "치킨", "Chicken")), location=at(1500))
    named = opened(town, menu(dish("cola", "콜라", "Cola")), **names("치킨 마을", "Village"))
    held = opened(town, location=at(1700), **names("우리 치킨", "Ours"))

    assert found_ids(town, "치킨", lat=lat, lon=lon) == [named, held, dish_, rated, near, far, shut]
    assert found_ids(town, "양념치킨", lat=lat, lon=lon)[:2] == [rated, near]


def test_in_a_large_city_what_lies_around_is_found_first(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    lon, lat = SEOUL
    stores = [opened(town, location=at(metres)) for metres in (-4000, 200, 2500, -300, 5000)]
    monkeypatch.setattr(searching, "ROWS", 1)

    page, more = search(town, "치킨", lat=lat, lon=lon), {}
    first = {one["id"] for one in page["data"]}
    shown = [one["id"] for one in page["data"]]
    while page["next_cursor"]:
        more = {"cursor": page["next_cursor"], "lat": lat, "lon": lon, "limit": 1}
        page = search(town, "치킨", **more)
        shown += [one["id"] for one in page["data"]]

    assert first == {stores[1], stores[3]}
    assert sorted(shown) == sorted(stores)


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("치긴", ["yangnyeom", "fried"]),
        ("지킨", ["yangnyeom", "fried"]),
        ("양넘치킨", ["yangnyeom"]),
        ("후라이드치긴", ["fried"]),
        ("클라", ["cola"]),
        ("chiken", ["yangnyeom", "fried"]),
        ("chikcen", ["yangnyeom", "fried"]),
        ("seasonde", ["yangnyeom"]),
        ("한강 클라", ["cola"]),
        ("col", ["cola"]),
        ("짜장면", []),
        ("pzza", []),
    ],
)
def test_one_typing_error_is_forgiven_where_nothing_else_is_found(
    town: Town, typed: str, items: list[str]
) -> None:
    opened(town, **names("한강 식당", "Riverside"))

    assert items_of(town, typed) == ([items] if items else [])


def test_who_types_well_is_shown_nothing_that_is_only_like_it(town: Town) -> None:
    opened(town, menu(dish("udong", "우동", "Udon")))
    urong = opened(town, menu(dish("urong", "우롱", "Oolong")))

    assert found_ids(town, "우롱") == [urong]


def test_pages_of_what_is_nearly_so_show_every_store_once(town: Town) -> None:
    stores = {opened(town) for _ in range(3)}
    shown: list[str] = []
    more: Json = {}

    for _ in range(3):
        page = search(town, "치긴", limit=1, **more)
        shown += [one["id"] for one in page["data"]]
        more = {"cursor": page["next_cursor"]}

    assert page["next_cursor"] is None
    assert set(shown) == stores


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("burger", "bugrer", True),
        ("burger", "burgr", True),
        ("burger", "burgers", True),
        ("burger", "birger", True),
        ("burger", "bugre", False),
        ("ab", "ba", True),
        ("", "a", True),
        ("abc", "cba", False),
    ],
)
def test_one_error_is_another_letter_one_more_one_less_or_two_turned_round(
    one: str, other: str, *, near: bool
) -> None:
    assert misspelt.nearly(one, other) is near
    assert misspelt.nearly(other, one) is near


def test_the_sweep_finishes_what_who_published_has_left(
    town: Town, clock_at: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = town.live()
    with monkeypatch.context() as dying:
        dying.setattr(indexing, "_follow", lambda *_: pytest.fail("the process dies here"))
        with pytest.raises(pytest.fail.Exception):
            publishing.publish(
                town.owner.caller, store_id, parsed(dish("fried", "후라이드", "Fried"))
            )
    assert list(indexing.waiting()) == []
    clock_at.move(61)

    catalog_events.sweep_uploads(SCHEDULE, None)

    assert found_ids(town, "후라이드") == [store_id]
    assert not [row for row in database.rows("test-catalog") if row["pk"] == "TEXTS"]


def test_a_store_that_moves_leaves_no_row_where_it_was(town: Town) -> None:
    store_id = opened(town)
    before = [row for row in database.rows("test-catalog") if row["pk"].startswith("TEXT#")]

    town.owner.patch(f"/v1/stores/{store_id}", {"location": at(20_000)})

    after = [row for row in database.rows("test-catalog") if row["pk"].startswith("TEXT#")]
    assert len(after) == len(before)
    assert not {row["sk"] for row in after} & {row["sk"] for row in before}
    assert found_ids(town, "치킨") == [store_id]


def test_rows_of_the_release_before_are_found_and_replaced(town: Town) -> None:
    store_id = opened(town)
    for row in database.raw("test-catalog"):
        if row["pk"]["S"].startswith("TEXT#"):
            database.remove("test-catalog", {"pk": row["pk"], "sk": row["sk"]})
            hits = {name: one for name, one in json.loads(row["hits"]["S"]).items() if name != "at"}
            older = {**row, "sk": {"S": f"STORE#{store_id}"}, "hits": {"S": json.dumps(hits)}}
            database.lay("test-catalog", older)
    SearchText(f"STORE#{store_id}", "TEXT").update(
        [SearchText.places.remove(), SearchText.said.set("[1]")]
    )
    lon, lat = SEOUL
    assert found_ids(town, "치킨", lat=lat, lon=lon) == [store_id]

    town.operator.post("/v1/stores/relist?city=seoul")

    rows = [row for row in database.rows("test-catalog") if row["pk"].startswith("TEXT#")]
    assert not [row for row in rows if row["sk"].startswith("STORE#")]
    assert found_ids(town, "치킨", lat=lat, lon=lon) == [store_id]
