from datetime import timedelta

import pytest

from chalicelib.catalog import pausing, reading
from chalicelib.catalog.status import PauseReason
from chalicelib.core import clock
from tests.catalog.conftest import Told
from tests.catalog.shop import Json, Town
from tests.clocks import StandingClock

UNTIL = "2026-11-22T12:30:00.000Z"


@pytest.mark.usefixtures("clock_at")
def test_a_paused_store_says_so_and_when_it_opens(town: Town) -> None:
    store_id = town.live()

    closed = town.owner.post(
        f"/v1/stores/{store_id}/pause", {"reason": "busy", "until": UNTIL}
    ).json_body["closed"]

    assert (closed["code"], closed["opens_at"]) == ("store_paused", UNTIL)


def test_a_pause_ends_by_itself(town: Town, clock_at: StandingClock) -> None:
    store_id = town.live()
    town.owner.post(f"/v1/stores/{store_id}/pause", {"reason": "busy", "until": UNTIL})

    clock_at.move(1800)

    assert town.stranger.get(f"/v1/stores/{store_id}").json_body["closed"] is None


def test_a_pause_without_end_lasts_until_somebody_resumes(
    town: Town, clock_at: StandingClock
) -> None:
    store_id = town.live()
    town.owner.post(f"/v1/stores/{store_id}/pause", {"reason": "staff"})
    clock_at.move(86_400 * 30)
    still = town.stranger.get(f"/v1/stores/{store_id}").json_body["closed"]

    resumed = town.machine(store_id).post(f"/v1/stores/{store_id}/resume").json_body

    assert (still["code"], still["opens_at"]) == ("store_paused", None)
    assert (resumed["closed"], resumed["pause_reason"]) == (None, None)


def test_pausing_and_resuming_twice_announces_once(town: Town, told: Told) -> None:
    store_id = town.draft()
    for command, body in (("pause", {"reason": "busy"}), ("resume", None)):
        for _ in range(2):
            assert town.owner.post(f"/v1/stores/{store_id}/{command}", body).status_code == 200

    assert told.types(store_id) == ["store.created", "store.paused", "store.resumed"]


@pytest.mark.usefixtures("clock_at")
def test_a_new_pause_replaces_the_old_one(town: Town) -> None:
    store_id = town.live()
    town.owner.post(f"/v1/stores/{store_id}/pause", {"reason": "busy", "until": UNTIL})

    later = town.owner.post(f"/v1/stores/{store_id}/pause", {"reason": "equipment"}).json_body

    assert (later["pause_reason"], later["paused_until"]) == ("equipment", None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": "lunch"},
        {"reason": "busy", "until": "soon"},
        {"reason": "busy", "until": "2026-11-22T12:30:00"},
        {"reason": "busy", "until": "2026-11-22T11:59:59Z"},
        {"reason": "busy", "until": "2026-11-22T12:00:00Z"},
        {"reason": "busy", "for": 5},
    ],
)
@pytest.mark.usefixtures("clock_at")
def test_a_pause_has_a_reason_and_ends_in_the_future(town: Town, body: Json) -> None:
    assert town.owner.post(f"/v1/stores/{town.draft()}/pause", body).status_code == 400


def test_the_platform_pauses_a_store_that_does_not_answer(town: Town, told: Told) -> None:
    store_id = town.live()

    paused = pausing.impose(store_id, PauseReason.NO_RESPONSE)

    assert paused
    assert paused.is_paused(clock.now())
    assert told.events(store_id)[-1].actor == "system:ieum"


def test_the_platform_leaves_a_pause_of_the_stores_own_alone(town: Town) -> None:
    store_id = town.live()
    town.owner.post(f"/v1/stores/{store_id}/pause", {"reason": "equipment"})

    imposed = pausing.impose(store_id, PauseReason.NO_HEARTBEAT)

    found = reading.store(store_id)
    assert found is not None
    assert found.pause_reason is PauseReason.EQUIPMENT
    assert imposed is None
    assert not pausing.lift(store_id, PauseReason.NO_HEARTBEAT)


@pytest.mark.usefixtures("clock_at")
def test_a_pause_that_ends_while_the_store_is_closed_tells_the_next_opening(town: Town) -> None:
    store_id = town.live(hours=[{"day": "mon", "opens": "11:00", "closes": "22:00"}])
    until = clock.now() + timedelta(hours=1)

    closed = town.owner.post(
        f"/v1/stores/{store_id}/pause", {"reason": "busy", "until": clock.stamp(until)}
    ).json_body["closed"]

    assert closed["opens_at"] == "2026-11-23T02:00:00.000Z"
