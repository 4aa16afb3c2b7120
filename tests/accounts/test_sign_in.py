"""Signing in, and up, by a code that was sent to a phone or an e-mail address."""

import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from chalicelib.core import aws, parts
from chalicelib.people import admitting, codes
from tests import database, pool
from tests.accounts.mailbox import Mailbox, open_mailbox
from tests.accounts.visiting import visitor
from tests.world import Reply, World

MAIL, PHONE = "jun@example.com", "+821055500100"


@pytest.fixture
def mailbox(world_at: World) -> Iterator[Mailbox]:
    assert world_at
    pool.renew()
    pool.settle()
    with open_mailbox() as made:
        yield made


def named(address: str) -> dict[str, str]:
    return {"email" if "@" in address else "phone": address}


def ask(world: World, address: str = MAIL, language: str = "ko") -> Reply:
    return world.post("/v1/sign-in/codes", {**named(address), "language": language})


def confirm(world: World, asked: Reply, code: str, address: str = MAIL) -> Reply:
    path = f"/v1/sign-in/codes/{asked.json['id']}/confirm"
    return world.post(path, {**named(address), "code": code})


def signed_in(world: World, mailbox: Mailbox, address: str = MAIL) -> Any:  # noqa: ANN401 - any JSON
    asked = ask(world, address)
    answer = confirm(world, asked, mailbox.code(address), address)
    assert answer.status == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json


def who(tokens: Any) -> str:  # noqa: ANN401 - any JSON
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    return str(claims["sub"])


@pytest.mark.parametrize("address", [MAIL, PHONE])
def test_who_has_no_account_has_one_by_a_code_and_is_the_same_person_the_next_time(
    world_at: World, mailbox: Mailbox, address: str
) -> None:
    first, second = (signed_in(world_at, mailbox, address) for _ in range(2))

    assert who(first) == who(second)
    renewed = world_at.post("/v1/sign-in/token", {"refresh_token": first["refresh_token"]})
    assert who(renewed.json) == who(first)
    pool.end_session("x" * 40)
    over = world_at.post("/v1/sign-in/token", {"refresh_token": "x" * 40})
    assert (over.status, over.json["code"]) == (401, "session_over")


def test_what_was_ordered_as_a_guest_is_claimed_after_signing_up(
    world_at: World, mailbox: Mailbox
) -> None:
    guest = visitor(world_at)
    order_id = guest.order(world_at.store())

    sub = who(signed_in(world_at, mailbox))
    claimed = guest.claimed(sub)

    assert claimed.status == 200
    assert world_at.get(f"/v1/orders/{order_id}", world_at.customer(sub))["id"] == order_id


def test_the_answer_does_not_tell_whether_somebody_has_an_account(
    world_at: World, mailbox: Mailbox
) -> None:
    signed_in(world_at, mailbox)

    known, unknown = ask(world_at, MAIL), ask(world_at, "nobody@example.com")

    assert known.status == unknown.status == 201
    assert known.json.keys() == unknown.json.keys()
    assert len(mailbox.held["nobody@example.com"]) == 1
    wrong = [confirm(world_at, one, "000000") for one in (known, unknown)]
    assert wrong[0].json["code"] == wrong[1].json["code"] == "code_refused"


def test_neither_code_nor_address_is_kept_or_logged(
    world_at: World, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(world_at, PHONE, "en")
    code = mailbox.code(PHONE)

    kept = json.dumps(database.rows("test-control"), default=str)
    logged = capsys.readouterr().out
    assert not [one for one in (code, PHONE) if f'"{one}"' in kept or one in logged]
    assert mailbox.held[PHONE] == [
        f"Your sign-in code is {code}. It is good for 10 minutes. Tell it to nobody."
    ]


def test_a_code_is_good_once_for_ten_minutes_five_tries_and_its_own_address(
    world_at: World, mailbox: Mailbox
) -> None:
    used = ask(world_at)
    right = mailbox.code(MAIL)
    wrong = "000000" if right != "000000" else "111111"
    once = [confirm(world_at, used, right).status for _ in range(2)]
    tried = ask(world_at)
    tries = [confirm(world_at, tried, wrong).status for _ in range(5)]
    after = confirm(world_at, tried, mailbox.code(MAIL)).status
    foreign = ask(world_at, PHONE)
    other = confirm(world_at, foreign, codes._codes(foreign.json["id"], MAIL)[0], MAIL).status
    late = ask(world_at)
    world_at.clock.move(601)

    assert once == [200, 401]
    assert (tries, after) == ([401] * 5, 401)
    assert other == 401
    assert confirm(world_at, late, mailbox.code(MAIL)).status == 401


def test_of_two_who_enter_a_code_at_once_one_signs_in(
    world_at: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(world_at)
    code, commit = mailbox.code(MAIL), parts.commit
    answers = []

    def overtaken(*made: parts.Part) -> None:
        if made[0].verb == "Delete":
            monkeypatch.setattr(parts, "commit", commit)
            answers.append(confirm(world_at, asked, code).status)
        commit(*made)

    monkeypatch.setattr(parts, "commit", overtaken)
    answers.append(confirm(world_at, asked, code).status)

    assert answers == [200, 401]


def test_five_codes_an_hour_and_ten_a_day_go_to_one_address(
    world_at: World, mailbox: Mailbox
) -> None:
    statuses = []
    for _ in range(3):
        statuses += [ask(world_at).status for _ in range(6)]
        world_at.clock.move(3_600)

    assert statuses == [201] * 5 + [429] + [201] * 5 + [429] + [429] * 6
    assert ask(world_at, "other@example.com").status == 201
    assert len(mailbox.held[MAIL]) == 10


def test_codes_go_only_to_where_the_stack_sends(world_at: World, mailbox: Mailbox) -> None:
    refused = ask(world_at, "+79161234567")

    assert (refused.status, refused.json["code"]) == (422, "channel_closed")
    assert not mailbox.held["+79161234567"]


def test_operators_who_is_shut_out_and_unproven_addresses_do_not_sign_in_by_code(
    world_at: World, mailbox: Mailbox
) -> None:
    pool.add("op", email="op@example.com", email_verified="true")
    pool.asked("admin_add_user_to_group", Username="op", GroupName="operator")
    pool.add("eve", email="victim@example.com")
    pool.add("bad", email="bad@example.com", email_verified="true")
    pool.asked("admin_disable_user", Username="bad")

    for address in ("op@example.com", "victim@example.com", "bad@example.com"):
        answer = confirm(world_at, ask(world_at, address), mailbox.code(address), address)
        assert (answer.status, answer.json["code"]) == (401, "code_refused")


def test_whom_an_operator_has_made_an_account_signs_in_by_its_address(
    world_at: World, mailbox: Mailbox
) -> None:
    pool.asked("admin_create_user", Username=MAIL, MessageAction="SUPPRESS")

    sub = who(signed_in(world_at, mailbox))

    user = pool.asked("admin_get_user", Username=MAIL)
    said = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    assert (said["sub"], said["email_verified"], user["UserStatus"]) == (sub, "true", "CONFIRMED")


def test_two_sign_ins_at_the_same_moment_both_come_to_their_end(
    world_at: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, begin = ask(world_at), admitting._begin

    def overtaken(flow: str, **said: str) -> Any:  # noqa: ANN401 - boto3's
        monkeypatch.setattr(admitting, "_begin", begin)
        other = "Another-1-password"
        pool.asked("admin_set_user_password", Username=MAIL, Password=other, Permanent=True)
        return begin(flow, **said)

    monkeypatch.setattr(admitting, "_begin", overtaken)

    assert confirm(world_at, asked, mailbox.code(MAIL)).status == 200


def test_a_code_that_could_not_be_sent_is_an_outage(
    world_at: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> None:
        client = aws.client("cognito-idp")
        raise client.exceptions.ClientError({"Error": {"Code": "Throttled"}}, "SendEmail")

    monkeypatch.setattr(mailbox, "send_email", refused)

    assert ask(world_at).status == 503


def test_what_sns_says_is_no_phone_number_is_refused_and_not_asked_for_again(
    world_at: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> None:
        client = aws.client("cognito-idp")
        raise client.exceptions.ClientError({"Error": {"Code": "InvalidParameter"}}, "Publish")

    monkeypatch.setattr(mailbox, "publish", refused)

    answer = ask(world_at, PHONE)

    assert (answer.status, answer.json["code"]) == (422, "channel_closed")
