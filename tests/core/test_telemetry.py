import dataclasses
import json
from threading import Thread

import pytest
from botocore.exceptions import ClientError

from chalicelib.core import telemetry
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings
from tests.clocks import StandingClock
from tests.conftest import Said

PERSONAL = [
    "name", "email", "phone", "address", "lat", "lng", "body", "token", "note", "pin", "headers",
    "message", "error", "card", "ip",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _begun() -> None:
    telemetry.begin()


def test_a_line_is_one_object_with_what_was_said(said: Said, clock_at: StandingClock) -> None:
    clock_at.move(1)

    telemetry.log("An order was placed", order="ord_1", count=None)

    assert said() == [
        {
            "at": "2026-11-22T12:00:01.000Z",
            "level": "INFO",
            "said": "An order was placed",
            "stage": "sandbox",
            "order": "ord_1",
        }
    ]


def test_an_alarm_is_an_error(said: Said) -> None:
    telemetry.alarm("Money is missing", difference=1)

    assert said()[0]["level"] == "ERROR"


@pytest.mark.parametrize("key", PERSONAL)
def test_what_may_be_personal_has_no_key(key: str) -> None:
    with pytest.raises(ValueError, match=f"not for logs: {key}"):
        telemetry.log("Something happened", **{key: "x"})
    with pytest.raises(ValueError, match="not for logs"):
        telemetry.about(**{key: "x"})
    with pytest.raises(ValueError, match="not for logs"):
        telemetry.begin(**{key: "x"})


def test_facts_accompany_every_line_until_a_new_beginning(said: Said) -> None:
    telemetry.begin(request="r1")
    telemetry.about(order="ord_1")
    telemetry.log("One thing happened")
    telemetry.begin(request="r2")
    telemetry.log("Another thing happened")

    first, second = said()
    assert (first["request"], first["order"]) == ("r1", "ord_1")
    assert second["request"] == "r2"
    assert "order" not in second


def test_a_failure_says_where_and_never_what_was_said(said: Said) -> None:
    try:
        telemetry.log("x", nobody="x")
    except ValueError as error:
        telemetry.failure("It broke", error)

    [line] = said()
    assert str(line["code"]).startswith("ValueError at ")
    assert "telemetry.py:" in str(line["code"])
    assert "nobody" not in json.dumps(line)


def test_a_failure_that_was_never_raised_has_no_place(said: Said) -> None:
    telemetry.failure("It broke", RuntimeError("secret"))

    assert said()[0]["code"] == "RuntimeError at "


def test_a_handler_names_itself_and_its_failure_is_told_and_raised(said: Said) -> None:
    @telemetry.handler
    def break_down() -> None:
        telemetry.log("It began")
        raise KeyError

    with pytest.raises(KeyError):
        break_down()

    began, failed = said()
    assert began["function"] == failed["function"] == "break_down"
    assert (failed["level"], failed["said"]) == ("ERROR", "The invocation failed")


def test_a_line_is_one_line_whatever_it_holds(said: Said) -> None:
    telemetry.log("It happened", subject="a\nb\ud800한")

    assert said()[0]["subject"] == "a\nb\ud800한"


def test_two_threads_do_not_share_their_facts(said: Said) -> None:
    telemetry.begin(request="mine")

    other = Thread(target=telemetry.log, args=("It happened elsewhere",))
    other.start()
    other.join()

    assert "request" not in said()[0]


def test_what_aws_refused_is_named_by_its_code_and_never_by_its_message() -> None:
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "User: arn"}}, "Send")

    hidden = UnavailableError()
    hidden.__cause__ = refused

    assert telemetry.name_of(refused) == "ClientError AccessDenied"
    assert telemetry.name_of(hidden) == "UnavailableError AccessDenied"
    assert telemetry.name_of(ValueError("Mapo-daero 1")) == "ValueError"


def test_quietly_only_what_a_person_must_see_is_written_but_in_the_sandbox(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    with telemetry.quietly():
        telemetry.log("A position was noted")
    in_the_sandbox = said()
    elsewhere = dataclasses.replace(settings(), stage="prod")
    monkeypatch.setattr(telemetry, "settings", lambda: elsewhere)
    with telemetry.quietly():
        telemetry.log("A position was noted")
        telemetry.alarm("Something broke")
    telemetry.log("A request was answered")

    assert len(in_the_sandbox) == 1
    assert [line["said"] for line in said()] == ["Something broke", "A request was answered"]
