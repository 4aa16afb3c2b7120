"""The arithmetic of request units, held against the examples of AWS's documentation."""

import pytest

from bench.units import Index, index_writes, read, size, written

ALL = Index("by_customer", frozenset({"customer_id", "listed_at"}), None)
SOME = Index("undelivered", frozenset({"bell_shard"}), frozenset({"kind"}))
KEYS = Index("due", frozenset({"due_shard"}), frozenset())


def item(**texts: str) -> dict[str, dict[str, str]]:
    return {
        "pk": {"S": "p"},
        "sk": {"S": "s"},
        **{name: {"S": text} for name, text in texts.items()},
    }


def of_bytes(count: int) -> dict[str, dict[str, str]]:
    """An item of so many bytes: 5 for keys with one letter each, and the rest in one text."""
    made = item(a="x" * (count - 7))
    assert size(made) == count
    return made


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"S": "abc"}, 3),
        ({"S": "밥"}, 3),
        ({"N": "7"}, 2),
        ({"N": "1234"}, 3),
        ({"N": "-1234"}, 4),
        ({"N": "120000"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"B": "AAAA"}, 3),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "7"}]}, 3 + 1 + 2 + 1 + 2),
        ({"M": {"id": {"S": "ab"}}}, 3 + 1 + 2 + 2),
        ({"SS": ["ab", "c"]}, 3),
        ({"NS": ["1", "22"]}, 4),
    ],
)
def test_a_value_has_the_size_that_aws_says(value: dict[str, object], expected: int) -> None:
    assert size({"n": value}) == 1 + expected


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="not a kind"):
        size({"n": {"XX": "?"}})


@pytest.mark.parametrize(("count", "units"), [(10, 1), (1024, 1), (1025, 2), (3 * 1024 + 1, 4)])
def test_a_write_is_paid_for_by_the_kilobyte(count: int, units: int) -> None:
    assert written(None, of_bytes(count)) == units


def test_an_update_is_paid_for_by_the_larger_of_before_and_after() -> None:
    assert written(of_bytes(3000), of_bytes(100)) == 3
    assert written(of_bytes(100), of_bytes(3000)) == 3


def test_a_delete_is_paid_for_by_what_was_there_and_by_one_unit_where_nothing_was() -> None:
    assert written(of_bytes(1500), None) == 2
    assert written(None, None) == 1


def test_a_part_of_a_transaction_is_paid_for_twice_and_its_index_once() -> None:
    before, after = None, item(bell_shard="b", kind="order")

    assert written(before, after, factor=2) == 2
    assert written(before, after, factor=2, indexes=(SOME,)) == 2 + 1


@pytest.mark.parametrize(
    ("read_bytes", "consistent", "units"),
    [(0, True, 1), (0, False, 0.5), (4096, True, 1), (4097, True, 2), (8193, False, 1.5)],
)
def test_a_read_is_paid_for_by_four_kilobytes(
    read_bytes: int, units: float, *, consistent: bool
) -> None:
    assert read(read_bytes, consistent=consistent) == units


def test_a_transactional_read_is_paid_for_twice() -> None:
    assert read(100, consistent=True, factor=2) == 2


def test_an_index_is_written_when_an_item_enters_it_and_when_it_leaves() -> None:
    inside, outside = item(bell_shard="b", kind="order"), item(kind="order")

    assert index_writes(SOME, None, inside) == 1
    assert index_writes(SOME, inside, outside) == 1
    assert index_writes(SOME, outside, None) == 0


def test_an_index_is_not_written_when_only_what_it_does_not_project_changes() -> None:
    before, after = (
        item(bell_shard="b", kind="order", tx="1"),
        item(bell_shard="b", kind="order", tx="2"),
    )

    assert index_writes(SOME, before, after) == 0
    assert (
        index_writes(KEYS, {**before, "due_shard": {"S": "1"}}, {**after, "due_shard": {"S": "1"}})
        == 0
    )


def test_an_index_that_projects_all_is_written_at_every_change() -> None:
    keys = {"customer_id": "mina", "listed_at": "now"}

    assert index_writes(ALL, item(tx="1", **keys), item(tx="2", **keys)) == 1


def test_an_index_whose_key_changes_is_written_twice() -> None:
    assert index_writes(KEYS, item(due_shard="1"), item(due_shard="2")) == 2


def test_a_large_entry_of_an_index_is_paid_for_by_the_kilobyte() -> None:
    large = {**of_bytes(2000), "customer_id": {"S": "mina"}, "listed_at": {"S": "now"}}

    assert index_writes(ALL, None, large) == 2
    assert index_writes(KEYS, None, {**large, "due_shard": {"S": "1"}}) == 1
