"""Why somebody was asked: in plain words for them, with all that was weighed for operators."""

import tomllib
from typing import Any

import pytest

from chalicelib.couriers import explaining
from chalicelib.couriers.models import Assignment, OfferItem, assignment_key, courier_key, offer_key
from chalicelib.couriers.optimising.asking import RULE
from chalicelib.couriers.schemas import Language
from tests.couriers.riders import Riders
from tests.couriers.street import Rider, Street
from tests.world import Reply

SAID = {"text": "Ari stood at the counter."}


@pytest.fixture
def asked(riders: Riders) -> str:
    """An offer to Jun, who was not alone. Its id."""
    riders.on_duty("jun")
    riders.on_duty("ari", at=(126.9700, 37.5622))
    riders.waiting()
    [offer] = riders.asked("jun")
    return str(offer["id"])


def explained(riders: Riders, offer_id: str, user: str = "jun", role: str = "") -> Reply:
    token = riders.world.operator() if role == "operator" else riders.token(user)
    return riders.world.call("GET", f"/v1/assignments/{offer_id}/explanation", token=token)


def test_a_courier_is_told_why_in_plain_words_of_both_languages(riders: Riders, asked: str) -> None:
    told = explained(riders, asked).json

    assert (told["rule"], told["reason"]) == (RULE, "nearest")
    assert told["words"]["en"][0].startswith("You were asked because nobody else")
    assert "Of 2 couriers who could be asked you were chosen." in told["words"]["en"]
    assert told["words"]["en"][-1].startswith("If you think")
    assert len(told["words"]["ko"]) == len(told["words"]["en"])
    assert told["features"]["candidates"] == 2


def test_who_else_could_have_been_asked_is_for_operators(riders: Riders, asked: str) -> None:
    seen, all_of_it = explained(riders, asked), explained(riders, asked, role="operator")

    assert "ari" not in seen.text
    assert seen.json.get("weights") is None
    assert [one["courier_id"] for one in all_of_it.json["candidates"]] == ["jun", "ari"]
    assert all_of_it.json["courier_id"] == "jun"
    assert all_of_it.json["weights"]["late"] == 120.0


def test_anothers_assignment_and_none_look_alike(riders: Riders, asked: str) -> None:
    others = explained(riders, asked, user="ari")
    nobodys = explained(riders, "ofr_0000000000000000000000000A", user="ari")

    assert (others.status, nobodys.status) == (404, 404)


def test_an_offer_of_an_older_release_explains_itself(riders: Riders, asked: str) -> None:
    kept = Assignment.get(assignment_key(asked), "HEAD")
    OfferItem(courier_key("jun"), offer_key(asked)).update(
        [OfferItem.decision.set({**kept.decision, "rule": "nearest-1", "features": {}})]
    )
    kept.delete()

    told = explained(riders, asked).json

    assert (told["rule"], told["features"]) == ("nearest-1", {})
    assert explained(riders, asked, role="operator").status == 404


def decision(**features: int) -> dict[str, Any]:
    return {"reason": "together", "rule": RULE, "candidates": [], "features": features}


def test_only_what_is_so_is_said() -> None:
    few = list(explaining._said(Language.EN, decision(seconds_until_ready=240)))
    many = list(
        explaining._said(
            Language.EN,
            decision(
                pinned=1, deliveries=2, seconds_to_pickup=90, seconds_open=600, candidates=1,
                refused_by=3,
            ),
        )
    )  # fmt: skip

    assert len(few) == 4
    assert "in about 4 min" in few[1]
    assert [one for one in many if "2 deliveries" in one]
    assert [one for one in many if "about 10 min" in one]
    assert [one for one in many if one.startswith("3 had said no")]
    assert "Nobody else could be asked." in many


def test_a_reason_of_which_there_are_no_words_is_said_to_be_one() -> None:
    said = next(explaining._said(Language.KO, {**decision(), "reason": "by the moon"}))

    assert "규칙" in said


def test_both_languages_say_the_same_things() -> None:
    files = [
        tomllib.loads((explaining.FOLDER / f"{one}.toml").read_text(encoding="utf-8"))
        for one in Language
    ]

    ko, en = ({key: set(part) for key, part in file.items()} for file in files)
    assert ko == en


# --- appeals -------------------------------------------------------------------------------------


def appeal(street: Street, rider: Rider, offer_id: str, key: str = "a") -> Reply:
    path = f"/v1/assignments/{offer_id}/appeal"
    return street.world.post(path, SAID, token=rider.token, key=key)


@pytest.mark.parametrize("verdict", ["grant", "refuse"])
def test_a_person_answers_who_appeals_against_a_decision(
    street: Street, jun: Rider, verdict: str
) -> None:
    (offer_id,) = street.offer_to(jun)

    made = appeal(street, jun, offer_id)
    [waits] = street.world.get("/v1/appeals/waiting", street.world.operator())["items"]
    path = f"/v1/appeals/{waits['id']}/{verdict}"
    answer = street.world.post(
        path, {"reason": "Ari was asked already."}, token=street.world.operator()
    )
    [mine] = jun.get("/v1/appeals")["items"]

    assert (made.status, answer.status) == (201, 200)
    assert (waits["assignment_id"], waits.get("limit")) == (offer_id, None)
    assert (mine["status"], mine["reason"]) == (
        f"{verdict.rstrip('e')}ed",
        "Ari was asked already.",
    )
    assert mine.get("lifted_until") is None


def test_of_one_decision_one_appeal_waits_and_a_repetition_is_the_same(
    street: Street, jun: Rider
) -> None:
    (offer_id,) = street.offer_to(jun)

    first, again = appeal(street, jun, offer_id), appeal(street, jun, offer_id)
    second = appeal(street, jun, offer_id, key="b")

    assert first.json["id"] == again.json["id"]
    assert (second.status, second.json["code"]) == (409, "appeal_waiting")


def test_nobody_appeals_against_what_concerns_another(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)

    assert appeal(street, street.rider("mia"), offer_id).status == 404
