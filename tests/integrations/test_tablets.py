"""Tablets: paired by a code that somebody types, signed in by tokens that turn, unpaired."""

import json
from typing import Any

import pytest

from chalicelib.catalog.status import StaffRole
from chalicelib.core import auth, dynamo, rotating
from chalicelib.core.rights import TABLET_MAY, Caller, Owning, Role
from chalicelib.integrations import pairing, tablet_tokens
from chalicelib.integrations.errors import PairingCodeError
from chalicelib.integrations.tablet_models import TabletItem, tablet_key
from tests import database
from tests.authorisation import oracle
from tests.clocks import StandingClock
from tests.dynamo_faults import Faults, lost_answer
from tests.integrations.street import OTHER_STORE, STORE, Street

PAIRINGS = f"/v1/stores/{STORE}/pairings"
TABLETS = f"/v1/stores/{STORE}/tablets"
VERIFY = auth.verify


def code_of(street: Street) -> str:
    made = street.call("POST", PAIRINGS, {"label": "Kitchen"}, by=street.owner())
    assert made.status == 201, made.text
    return str(made.json["code"])


def paired(street: Street) -> dict[str, Any]:
    answer = street.call("POST", "/v1/tablets", {"code": code_of(street)})
    assert answer.status == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def renewed(street: Street, token: str) -> tuple[int, Any]:
    answer = street.call("POST", "/v1/tablets/token", {"refresh_token": token})
    return answer.status, answer.json


def test_a_tablet_that_was_paired_by_a_code_speaks_for_its_store_alone(street: Street) -> None:
    tokens = paired(street)

    caller = VERIFY(tokens["access_token"])
    assert caller == Caller(
        tokens["tablet_id"], frozenset({Role.STORE}), frozenset({STORE}), TABLET_MAY
    )
    assert caller.actor == f"store:{tokens['tablet_id']}"


def test_a_tablet_works_on_its_stores_board_and_gives_nothing_away(street: Street) -> None:
    tablet = street.known("tablet", Role.STORE)
    street.callers[tablet] = VERIFY(paired(street)["access_token"])

    statuses = [
        street.call(method, path, {"categories": []} if method == "PUT" else None, by=tablet).status
        for method, path in (
            ("GET", f"/v1/stores/{STORE}/orders"),
            ("GET", f"/v1/stores/{OTHER_STORE}/orders"),
            ("PUT", f"/v1/stores/{STORE}/menu"),
            ("GET", f"/v1/stores/{STORE}/webhooks"),
            ("GET", TABLETS),
        )
    ]

    assert statuses == [200, 404, 403, 403, 403]


def test_a_tablet_may_of_a_machines_rights_what_somebody_at_the_till_may() -> None:
    at_the_till = {
        name
        for name, (right, staff) in oracle.rights().items()
        if (Role.STORE, Owning.OWN) in right.rows
        and StaffRole.TILL in staff.get(name, frozenset(StaffRole))
    }

    assert at_the_till == TABLET_MAY


def test_neither_code_nor_token_is_kept(street: Street) -> None:
    code = code_of(street)
    before = json.dumps(database.rows("test-integrations"), default=str)
    answer = street.call("POST", "/v1/tablets", {"code": code})
    kept = json.dumps(database.rows("test-integrations"), default=str)

    assert answer.headers["Cache-Control"] == "no-store"
    assert code not in before
    assert code[5:] not in before
    assert answer.json["refresh_token"].partition(".")[2] not in kept


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), str])
def test_a_code_may_be_typed_in_any_case_and_without_its_hyphen(
    street: Street,
    typed: Any,  # noqa: ANN401 - a function of text
) -> None:
    answer = street.call("POST", "/v1/tablets", {"code": typed(code_of(street))})

    assert answer.status == 201


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    assert pairing._halves("oil1-OILz") == ("0111", "011Z")


def test_a_code_pairs_one_tablet(street: Street) -> None:
    code = code_of(street)
    first = street.call("POST", "/v1/tablets", {"code": code})

    second = street.call("POST", "/v1/tablets", {"code": code})

    assert (first.status, second.status) == (201, 404)
    assert second.json["code"] == "pairing_code_refused"


def test_a_code_is_over_after_ten_minutes(street: Street, clock_at: StandingClock) -> None:
    code = code_of(street)
    clock_at.move(601)

    assert street.call("POST", "/v1/tablets", {"code": code}).status == 404


def test_a_code_that_was_tried_five_times_is_over(street: Street) -> None:
    code = code_of(street)
    wrong = code[:5] + ("0000" if code[5:] != "0000" else "1111")
    tries = [street.call("POST", "/v1/tablets", {"code": wrong}).status for _ in range(5)]

    assert tries == [404] * 5
    assert street.call("POST", "/v1/tablets", {"code": code}).status == 404


def test_one_address_tries_twenty_codes_in_ten_minutes(street: Street) -> None:
    tries = [street.call("POST", "/v1/tablets", {"code": "0000-0000"}).status for _ in range(21)]

    assert tries == [404] * 20 + [429]


def test_a_repeated_request_makes_no_second_code_and_does_not_show_it_again(
    street: Street,
) -> None:
    first = street.call("POST", PAIRINGS, {"label": "Kitchen"}, by=street.owner(), key="k")

    again = street.call("POST", PAIRINGS, {"label": "Kitchen"}, by="owner", key="k")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == {**first.json, "code": None}


def test_a_store_has_ten_tablets_at_most_and_an_unpaired_one_makes_room(street: Street) -> None:
    made = [pairing.pair(code_of(street)).tablet_id for _ in range(10)]
    code = code_of(street)

    refused = street.call("POST", "/v1/tablets", {"code": code})
    street.call("DELETE", f"{TABLETS}/{made[0]}", by="owner")

    assert (refused.status, refused.json["code"]) == (409, "tablet_limit")
    assert street.call("POST", "/v1/tablets", {"code": code}).status == 201


def test_an_unpaired_tablet_is_refused_at_its_next_exchange_and_leaves_the_list(
    street: Street,
) -> None:
    tokens = paired(street)
    [listed] = street.call("GET", TABLETS, by="owner").json["items"]

    ended = [
        street.call("DELETE", f"{TABLETS}/{tokens['tablet_id']}", by="owner").status
        for _ in range(2)
    ]

    status, problem = renewed(street, tokens["refresh_token"])
    assert (listed["id"], listed["label"]) == (tokens["tablet_id"], "Kitchen")
    assert ended == [204, 204]
    assert (status, problem["code"]) == (401, "tablet_refused")
    assert street.call("GET", TABLETS, by="owner").json["items"] == []


def test_a_refresh_token_is_good_for_one_exchange(street: Street, clock_at: StandingClock) -> None:
    first = paired(street)
    clock_at.move(800)

    status, second = renewed(street, first["refresh_token"])
    clock_at.move(800)
    third = renewed(street, second["refresh_token"])

    assert (status, third[0]) == (200, 200)
    assert renewed(street, first["refresh_token"])[0] == 401
    assert street.call("GET", TABLETS, by="owner").json["items"][0]["last_seen_at"]


def test_the_same_exchange_within_a_minute_gets_the_same_tokens(
    street: Street, clock_at: StandingClock
) -> None:
    token = paired(street)["refresh_token"]
    first = renewed(street, token)[1]
    clock_at.move(59)

    again = renewed(street, token)

    assert (again[0], again[1]["refresh_token"]) == (200, first["refresh_token"])


def test_a_copy_of_an_old_token_unpairs_the_tablet(street: Street, clock_at: StandingClock) -> None:
    token = paired(street)["refresh_token"]
    present = renewed(street, token)[1]["refresh_token"]
    clock_at.move(61)

    copied = renewed(street, token)

    assert copied[0] == 401
    assert renewed(street, present)[0] == 401
    assert street.call("GET", TABLETS, by="owner").json["items"] == []


def test_a_lost_answer_of_the_database_does_not_lose_the_tablet(
    street: Street, faults: Faults
) -> None:
    token = paired(street)["refresh_token"]
    faults.come_to("UpdateItem", *[lost_answer] * 2)
    tablet_tokens.renew(token)

    again = tablet_tokens.renew(token)

    item = dynamo.get(TabletItem, tablet_key(token.partition(".")[0]))
    assert item is not None
    assert rotating.hashed(again.refresh_token.partition(".")[2]) == item.token_hash


@pytest.mark.parametrize("other", ["0" * 64, "f" * 64])
def test_a_token_that_was_never_given_is_refused_and_ends_nothing(
    street: Street, other: str
) -> None:
    tokens = paired(street)

    guessed = renewed(street, f"{tokens['tablet_id']}.{other}")

    assert guessed[0] == 401
    assert renewed(street, tokens["refresh_token"])[0] == 200


def test_of_two_who_type_the_same_code_at_once_one_gets_the_tablet(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_of(street)
    tried = pairing._tried

    def overtaken(half: str) -> Any:  # noqa: ANN401 - the item
        found = tried(half)
        monkeypatch.setattr(pairing, "_tried", tried)
        pairing.pair(code)
        return found

    monkeypatch.setattr(pairing, "_tried", overtaken)

    with pytest.raises(PairingCodeError):
        pairing.pair(code)
    assert len(street.call("GET", TABLETS, by="owner").json["items"]) == 1


@pytest.mark.parametrize(
    ("who", "pair", "read", "unpair"),
    [
        ("manager", 201, 200, 204),
        ("till", 403, 403, 403),
        ("rival", 404, 404, 404),
        ("operator", 403, 200, 403),
        ("machine", 403, 403, 403),
        ("customer", 403, 403, 403),
    ],
)
def test_tablets_are_the_offices(
    street: Street, who: str, pair: int, read: int, unpair: int
) -> None:
    tablet_id = paired(street)["tablet_id"]
    if who in {"manager", "till"}:
        street.staff(who, StaffRole(who))
    else:
        role = {"rival": Role.MERCHANT, "machine": Role.STORE}.get(who) or Role(who)
        street.known(who, role, stores=[STORE] if who == "machine" else [])

    answers = [
        street.call("POST", PAIRINGS, {"label": "Bar"}, by=who).status,
        street.call("GET", TABLETS, by=who).status,
        street.call("DELETE", f"{TABLETS}/{tablet_id}", by=who).status,
    ]

    assert answers == [pair, read, unpair]
