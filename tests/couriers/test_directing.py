"""Operators pin, forbid and override: kept with their words, and no order waits for who is gone."""

from typing import Any

import pytest

from chalicelib.couriers import answering, directing, moving, offering
from tests import laws
from tests.couriers.riders import FAR, Riders
from tests.couriers.street import Rider, Street, events
from tests.world import Reply


def direct(riders: Riders, order_id: str, decision: str, who: str | None = None) -> Reply:
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/dispatching"
    body = {"decision": decision, "courier_id": who}
    answer = riders.world.post(path, body, token=riders.world.operator())
    riders.world.pump()
    return answer


def kept() -> list[tuple[Any, ...]]:
    found = [row for row in laws.rows("audit") if row["action"] in directing.ACTIONS.values()]
    return [(row["action"], row["reason"]) for row in found]


def test_who_is_pinned_is_asked_though_another_is_nearer(riders: Riders) -> None:
    riders.on_duty("far", at=FAR)
    order_id = riders.opened()
    assert direct(riders, order_id, "pin", "far").status == 200
    riders.on_duty("near")

    riders.world.pump()

    assert (len(riders.asked("far")), riders.asked("near")) == (1, [])
    assert kept() == [("delivery.pinned", "pin")]


def test_a_pin_takes_what_another_is_asked_back(riders: Riders) -> None:
    riders.on_duty("far", at=FAR)
    riders.on_duty("near")
    order_id = riders.waiting()
    assert len(riders.asked("near")) == 1

    answer = direct(riders, order_id, "pin", "far")

    assert answer.json["pinned"] == "far"
    assert (len(riders.asked("far")), riders.asked("near")) == (1, [])
    assert "delivery.offer_revoked" in riders.news(order_id)


@pytest.mark.parametrize("way", ["leaves", "declines"])
def test_nobody_waits_for_a_pinned_courier_who_is_gone_or_has_refused(
    riders: Riders, way: str
) -> None:
    riders.on_duty("far", at=FAR)
    riders.on_duty("near")
    order_id = riders.opened()
    direct(riders, order_id, "pin", "far")

    if way == "declines":
        riders.answer("far", "decline")
    else:
        riders.world.post("/v1/duty/end", token=riders.token("far"))
    riders.world.pump()

    assert len(riders.asked("near")) == 1


def test_who_is_forbidden_is_never_asked_and_asked_no_longer(riders: Riders) -> None:
    riders.on_duty("near")
    order_id = riders.waiting()
    assert len(riders.asked("near")) == 1

    answer = direct(riders, order_id, "forbid", "near")
    riders.on_duty("far", at=FAR)
    riders.world.pump()

    assert answer.json["forbidden"] == ["near"]
    assert (riders.asked("near"), len(riders.asked("far"))) == ([], 1)


def test_a_forbidden_courier_stays_so_in_the_next_attempt(riders: Riders) -> None:
    riders.on_duty("near")
    order_id = riders.opened()
    direct(riders, order_id, "forbid", "near")
    riders.on_duty("jun")
    riders.world.pump()
    riders.answer("jun", "accept")
    release = f"/v1/deliveries/{riders.delivery(order_id).id}/release"

    riders.world.post(release, {"code": "breakdown"}, token=riders.token("jun"))
    riders.world.pump()

    assert riders.delivery(order_id).directed["forbidden"] == ["near"]
    assert riders.asked("near") == []


def test_left_to_dispatch_again_the_nearest_is_asked(riders: Riders) -> None:
    riders.on_duty("near")
    order_id = riders.opened()
    direct(riders, order_id, "forbid", "near")

    answer = direct(riders, order_id, "leave")

    assert (answer.json["pinned"], answer.json["forbidden"]) == (None, [])
    assert len(riders.asked("near")) == 1


def test_asking_now_overrides_the_time_and_whoever_is_asked(riders: Riders) -> None:
    riders.on_duty("near")
    riders.on_duty("far", at=FAR)
    order_id = riders.waiting("confirm")

    answer = direct(riders, order_id, "ask", "far")

    assert answer.json["asked"] == ["far"]
    [offer] = riders.asked("far")
    path = f"/v1/assignments/{offer['id']}/explanation"
    told = riders.world.get(path, riders.token("far"))
    assert (told["rule"], told["reason"]) == (directing.RULE, "operator")
    assert told["words"]["en"][0] == "A person of the platform has chosen you for this."
    assert kept() == [("delivery.asked_by_hand", "ask")]


def test_asking_who_is_pinned_already_is_kept_too(riders: Riders) -> None:
    riders.on_duty("far", at=FAR)
    order_id = riders.waiting("confirm")
    direct(riders, order_id, "pin", "far")

    assert direct(riders, order_id, "ask", "far").json["asked"] == ["far"]

    assert sorted(one for one, _ in kept()) == ["delivery.asked_by_hand", "delivery.pinned"]


@pytest.mark.parametrize("decision", ["pin", "forbid", "ask"])
def test_saying_it_again_changes_nothing(riders: Riders, decision: str) -> None:
    riders.on_duty("far", at=FAR)
    order_id = riders.waiting("confirm")
    first = direct(riders, order_id, decision, "far")
    before = riders.delivery(order_id).version

    again = direct(riders, order_id, decision, "far")

    assert (first.status, again.json) == (200, first.json)
    assert riders.delivery(order_id).version == before
    assert len(kept()) == 1


def test_forbidding_who_is_pinned_takes_the_pin_away_and_the_other_way_round(
    riders: Riders,
) -> None:
    riders.on_duty("far", at=FAR)
    order_id = riders.waiting("confirm")

    direct(riders, order_id, "pin", "far")
    forbidden = direct(riders, order_id, "forbid", "far").json
    pinned = direct(riders, order_id, "pin", "far").json

    assert (forbidden["pinned"], forbidden["forbidden"]) == (None, ["far"])
    assert (pinned["pinned"], pinned["forbidden"]) == ("far", [])


def test_nobody_can_be_asked_now_who_is_not_there_or_has_something(riders: Riders) -> None:
    riders.carried("busy")
    riders.on_duty("asked")
    riders.waiting()
    order_id = riders.opened()

    answers = [direct(riders, order_id, "ask", who) for who in ("gone", "busy", "asked")]

    assert {(one.status, one.json["code"]) for one in answers} == {(409, "courier_not_free")}
    assert kept() == []


def test_what_somebody_has_accepted_is_not_directed_any_more(riders: Riders) -> None:
    order_id = riders.carried("jun")

    answer = direct(riders, order_id, "pin", "ari")

    assert (answer.status, answer.json["code"]) == (409, "impossible_step")


def test_one_of_several_that_is_pinned_elsewhere_leaves_the_other_open(
    street: Street, jun: Rider
) -> None:
    offer_id, (first, second) = street.together(jun)
    street.rider("mia")
    path = f"/v1/deliveries/{second.id}/dispatching"
    body = {"decision": "pin", "courier_id": "mia"}

    assert street.world.post(path, body, token=street.world.operator()).status == 200

    assert answering.find(offer_id, "jun").status == "revoked"  # type: ignore[union-attr]
    for each in (first, second):
        opened = offering.opened(each.zone, each.id)
        assert opened is not None
        assert (opened.offers, opened.refused) == ([], [])
        assert events(each.id)[-1] == "delivery.offer_revoked"
    assert moving.demand(second.id).directed["pinned"] == "mia"


@pytest.mark.parametrize(
    "body", [{"decision": "pin"}, {"decision": "leave", "courier_id": "jun"}, {}]
)
def test_a_direction_that_says_too_little_or_too_much_is_refused(
    riders: Riders, body: dict[str, str]
) -> None:
    order_id = riders.opened()
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/dispatching"

    assert riders.world.post(path, body, token=riders.world.operator()).status == 400
