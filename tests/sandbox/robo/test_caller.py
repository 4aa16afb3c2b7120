"""Somebody who calls an API and does not give up lightly."""

import json
import time
from collections.abc import Mapping
from typing import override

import pytest

from sandbox.city.client import Refused
from sandbox.robo.caller import PATIENCE, Caller
from sandbox.robo.line import Line, Lost, Reply
from sandbox.robo.pace import Pace
from sandbox.robo.tally import Tally
from sandbox.robo.tapping import Disagreed, tap
from sandbox.stripe.clock import RateClock


class Hasty(Pace):
    """Waits for nothing, and remembers how long it should have."""

    def __init__(self) -> None:
        super().__init__(RateClock(time.time(), 60.0))
        self.rested: list[float] = []

    @override
    def rest(self, wall_seconds: float) -> None:
        self.rested.append(wall_seconds)


class Told(Line):
    """Answers as told, one after another; an exception is raised."""

    def __init__(self, *replies: Reply | Lost) -> None:
        super().__init__("http://127.0.0.1:1")
        self.replies = list(replies)
        self.asked: list[tuple[str, str, Mapping[str, str]]] = []

    @override
    def ask(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str], timeout: float
    ) -> Reply:
        self.asked.append((method, path, dict(headers)))
        reply = self.replies.pop(0)
        if isinstance(reply, Lost):
            raise reply
        return reply


def reply(code: int, headers: Mapping[str, str] | None = None, /, **body: object) -> Reply:
    return Reply(code, headers or {}, json.dumps(body))


def caller(line: Line, tally: Tally | None = None, pace: Pace | None = None) -> Caller:
    return Caller(line, pace or Hasty(), tally or Tally())


def test_what_was_not_answered_is_sent_again_under_the_same_key() -> None:
    line, tally = Told(Lost("gone"), reply(503), reply(201, order_id="ord_1")), Tally()

    answer = caller(line, tally).post("/v1/orders", {"quote_id": "quo_1"}, key="key-1")

    assert answer == {"order_id": "ord_1"}
    assert {headers["Idempotency-Key"] for _, _, headers in line.asked} == {"key-1"}
    assert (tally.retries, tally.lost, tally.server_errors) == (2, 1, 1)


def test_busy_is_asked_again_and_a_refusal_is_not() -> None:
    line = Told(reply(409, code="busy", retryable=True), reply(409, code="already_taken"))

    with pytest.raises(Refused) as refused:
        caller(line).post("/v1/offers/ofr_1/accept")

    assert refused.value.code == "already_taken"
    assert len(line.asked) == 2


def test_a_pause_that_is_asked_for_is_kept() -> None:
    pace = Hasty()
    line = Told(reply(429, {"retry-after": "3"}), reply(200))

    caller(line, pace=pace).get("/v1/orders")

    assert pace.rested[0] >= 2.0


def test_a_refused_token_is_replaced_once() -> None:
    asked: list[bool] = []

    def token(fresh: bool) -> str:  # noqa: FBT001 - as callers ask for it
        asked.append(fresh)
        return "new" if fresh else "old"

    line = Told(reply(401), reply(200, status="ok"))

    Caller(line, Hasty(), Tally(), token=token).get("/v1/orders")

    assert asked == [False, True]
    assert line.asked[1][2]["Authorization"] == "Bearer new"


def test_patience_has_an_end() -> None:
    line = Told(*(Lost("gone") for _ in range(PATIENCE)))

    with pytest.raises(Lost):
        caller(line).get("/v1/orders")


def test_a_declined_card_is_an_answer() -> None:
    line = Told(reply(402, error={"code": "card_declined"}))

    answer = caller(line).form("/v1/payment_intents/pi_1/confirm", {"payment_method": "pm"})

    assert answer["error"]["code"] == "card_declined"


def test_a_command_tapped_twice_is_sent_twice() -> None:
    line = Told(
        reply(200, id="ord_1", status="CONFIRMED"), reply(200, id="ord_1", status="CONFIRMED")
    )

    answer = tap(caller(line), "/v1/orders/ord_1/confirm", twice=True)

    assert answer["status"] == "CONFIRMED"
    assert len(line.asked) == 2


def test_two_answers_that_differ_are_noticed() -> None:
    line = Told(reply(201, order_id="ord_1"), reply(201, order_id="ord_2"))

    with pytest.raises(Disagreed):
        tap(caller(line), "/v1/orders", {"quote_id": "quo_1"}, twice=True, key="key-1")
