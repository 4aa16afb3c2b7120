"""Sums of what was stored, and what a log tells."""

import json

import pytest

from sandbox.demo import books
from sandbox.demo.books import Books


def line(status: int) -> str:
    told = {"at": "2026-11-27T09:00:00.000Z", "said": "A request was answered"}
    return json.dumps({**told, "http_status": status}, separators=(",", ":"))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_5xx_in_a_log_is_a_server_error(status: int) -> None:
    assert books.is_server_error(line(status), lambda _: False)


def test_chaos_explains_that_something_was_missing_and_never_a_500() -> None:
    assert not books.is_server_error(line(503), lambda _: True)
    assert books.is_server_error(line(500), lambda _: True)


@pytest.mark.parametrize("told", [line(200), line(409), "START RequestId: 1", "a 5xx"])
def test_other_lines_are_not(told: str) -> None:
    assert not books.is_server_error(told, lambda _: False)


def test_books_balance_by_currency() -> None:
    same = {"KRW": 100, "JPY": 7}
    kept = Books(
        captured={"KRW": 120, "JPY": 7}, refunded={"KRW": 20}, clearing=same, owed=same, paid=same,
        ledger={"KRW": 0, "JPY": 0},
    )  # fmt: skip

    assert kept.taken == same
    assert kept.balanced


@pytest.mark.parametrize("name", ["captured", "refunded", "clearing", "owed", "paid", "ledger"])
def test_one_won_too_much_anywhere_unbalances_them(name: str) -> None:
    kept = Books(
        captured={"KRW": 5}, clearing={"KRW": 5}, owed={"KRW": 5}, paid={"KRW": 5},
        ledger={"KRW": 0},
    )  # fmt: skip

    getattr(kept, name)["KRW"] = getattr(kept, name).get("KRW", 0) + 1

    assert not kept.balanced
