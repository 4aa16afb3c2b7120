import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.core import paging
from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.errors import InvalidError, UnavailableError
from chalicelib.core.settings import settings
from tests import dynamo_faults as f
from tests.dynamo_faults import Faults


class ByShard(GlobalSecondaryIndex["Rung"]):  # type: ignore[no-untyped-call] # PynamoDB's own
    class Meta:
        index_name = "undelivered"
        projection = AllProjection()

    bell_shard = UnicodeAttribute(hash_key=True)
    bell_at = UnicodeAttribute(range_key=True)


class Rung(Item):
    class Meta(TableMeta):
        table_name = settings().table("orders")

    bell_shard = UnicodeAttribute()
    bell_at = UnicodeAttribute()
    by_shard = ByShard()


def _fill(count: int, shard: str = "mine") -> None:
    for number in range(count):
        Rung(f"p{shard}{number}", "HEAD", bell_shard=shard, bell_at=f"{number:03d}").save()


def _page(cursor: str | None = None, limit: int = 2) -> paging.Listed[Rung]:
    names = ("bell_shard", "bell_at")
    return paging.newest(Rung.by_shard, "mine", names, limit=limit, cursor=cursor)


def test_a_list_is_read_page_by_page_newest_first() -> None:
    _fill(5)
    _fill(2, "others")
    found: list[str] = []
    cursor: str | None = None

    for _ in range(4):
        page = _page(cursor)
        found += [item.bell_at for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert found == ["004", "003", "002", "001", "000"]
    assert cursor is None


def test_what_is_added_meanwhile_does_not_shift_the_pages() -> None:
    _fill(4)
    first = _page()
    Rung("new", "HEAD", bell_shard="mine", bell_at="999").save()

    second = _page(first.next_cursor)

    assert [item.bell_at for item in second.items] == ["001", "000"]


def test_an_empty_list_has_no_next_page() -> None:
    assert _page() == paging.Listed([], None)


@given(st.dictionaries(st.text(), st.text()))
def test_a_place_survives_being_a_cursor(place: dict[str, str]) -> None:
    assert paging.decode(paging.encode(place)) == place


@pytest.mark.parametrize(
    "cursor",
    [
        "!",
        "한강",
        "abc",
        paging.encode({}),
        paging.encode({"pk": "p", "sk": "s"}),
        paging.encode({"pk": "p", "sk": "s", "bell_at": "1", "bell_shard": "others"}),
        paging.encode({"pk": "p", "sk": "s", "bell_at": 1}),
        paging.encode({"pk": "p", "sk": "s", "bell_at": ""}),
        base64.urlsafe_b64encode(b"[1]").decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
    ],
)
def test_what_is_no_cursor_of_this_list_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidError) as refused:
        _page(cursor)

    assert refused.value.errors[0]["pointer"] == "?cursor"


def test_a_cursor_cannot_reach_into_another_list() -> None:
    _fill(2)
    _fill(3, "others")
    forged = paging.encode({"pk": "pothers2", "sk": "HEAD", "bell_at": "002"})

    assert {item.bell_shard for item in _page(forged).items} <= {"mine"}


def test_a_list_that_cannot_be_read_is_an_outage(faults: Faults) -> None:
    faults.always = f.unreachable

    with pytest.raises(UnavailableError):
        _page()


def test_the_place_where_a_merged_page_ended_is_read_again() -> None:
    ended = ("2026-11-22T12:00:00.000Z", "delivery#dlv_1", "earnings#02")

    assert paging.place(paging.encode_place(ended, "posted_at"), "posted_at") == ended


def test_a_place_of_another_list_is_refused() -> None:
    cursor = paging.encode_place(("2026", "pk", "sk"), "listed_at")

    with pytest.raises(InvalidError):
        paging.place(cursor, "posted_at")
