"""What people say of themselves is theirs: read and written by them alone."""

import json
from typing import Any

import pytest

from chalicelib.core.rights import Caller, Role
from chalicelib.people import profiling
from chalicelib.people.models import PROFILE, Profile, person_key
from chalicelib.people.schemas import NewProfile
from tests import database
from tests.world import World

MINA = {"name": "Canary Mina", "language": "ko", "consents": {"marketing": True}}


def write(world: World, user: str = "mina", **said: Any) -> Any:  # noqa: ANN401 - any JSON
    token = world.customer(user)
    answer = world.call("PUT", "/v1/profile", {**MINA, **said}, token=token)
    assert answer.status == 200, answer.text
    return answer.json


def test_nothing_is_said_and_nothing_agreed_to_before_somebody_says_so(world_at: World) -> None:
    found = world_at.get("/v1/profile", world_at.customer())

    assert (found["name"], found["language"]) == (None, None)
    assert {one["granted"] for one in found["consents"].values()} == {False}


def test_what_is_written_is_read_by_its_owner_alone(world_at: World) -> None:
    written = write(world_at)

    assert world_at.get("/v1/profile", world_at.customer()) == written
    assert written["name"] == "Canary Mina"
    assert world_at.get("/v1/profile", world_at.customer("jun"))["name"] is None


def test_a_consent_keeps_the_moment_at_which_it_was_given(world_at: World) -> None:
    first = write(world_at)["consents"]["marketing"]
    world_at.clock.move(60)
    kept = write(world_at, name="Mina")["consents"]["marketing"]
    back = write(world_at, consents={"marketing": False})["consents"]["marketing"]

    assert first == kept == {"granted": True, "at": "2026-11-22T12:00:00.000Z"}
    assert back == {"granted": False, "at": "2026-11-22T12:01:00.000Z"}


def test_what_is_not_named_of_the_consents_stays(world_at: World) -> None:
    write(world_at)

    assert write(world_at, consents={"anticipation": True})["consents"]["marketing"]["granted"]


def test_writing_the_same_again_writes_nothing(world_at: World) -> None:
    write(world_at)
    before = database.rows("test-control")

    write(world_at)

    assert database.rows("test-control") == before


def test_a_profile_of_a_newer_release_is_read(world_at: World) -> None:
    consents = {"future": {"granted": True, "at": "2026-11-22T12:00:00.000Z"}}
    Profile(person_key("mina"), PROFILE, v=2, version=1, consents=consents).save()

    found = world_at.get("/v1/profile", world_at.customer())

    assert set(found["consents"]) == {"marketing", "personalisation", "anticipation"}
    write(world_at)
    kept = Profile.get(person_key("mina"), PROFILE).consents
    assert "future" in kept


def test_two_changes_at_once_both_happen(world_at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world_at)
    consents = profiling._consents

    def overtaken(*given: Any) -> Any:  # noqa: ANN401 - any consents
        monkeypatch.setattr(profiling, "_consents", consents)
        found = consents(*given)
        write(world_at, consents={"anticipation": True})
        return found

    monkeypatch.setattr(profiling, "_consents", overtaken)
    caller = Caller("mina", frozenset({Role.CUSTOMER}))
    new = NewProfile.model_validate({"consents": {"marketing": False}})

    found = profiling.write(caller, new)

    granted = {purpose: one.granted for purpose, one in found.consents.items()}
    assert granted == {"marketing": False, "personalisation": False, "anticipation": True}


def test_a_name_is_in_no_event_and_no_record(world_at: World) -> None:
    write(world_at)

    elsewhere = [
        row
        for table in database.names()
        for row in database.rows(table)
        if "Canary" in json.dumps(row, default=str) and row["sk"] != PROFILE
    ]
    assert elsewhere == []


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"language": "xx"},
        {"consents": {"everything": True}},
        {"consents": {"marketing": "yes"}},
        {"phone": "+821055500100"},
    ],
)
def test_a_profile_is_said_well(world_at: World, said: dict[str, object]) -> None:
    answer = world_at.call("PUT", "/v1/profile", said, token=world_at.customer())

    assert answer.status == 400
