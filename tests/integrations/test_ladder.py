"""The ladder of attempts."""

import pytest

from chalicelib.integrations import ladder


def test_a_new_order_is_tried_fifteen_times_first_within_seconds_then_for_three_days() -> None:
    waits = [ladder.rung("order.created", failures) for failures in range(16)]

    assert waits[:7] == [0, 2, 5, 15, 30, 60, 120]
    assert waits[7:15] == [300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert waits[15] is None


@pytest.mark.parametrize("what", ["order.cancelled", "store.availability_changed"])
def test_all_else_climbs_the_schedule_of_standard_webhooks(what: str) -> None:
    waits = [ladder.rung(what, failures) for failures in range(11)]

    hours = [3600 * hours for hours in (2, 5, 10, 14, 20, 24)]
    assert waits == [0, 5, 300, 1800, *hours, None]


def test_a_ping_is_tried_once_and_a_challenge_for_half_an_hour() -> None:
    assert ladder.rung("webhook.ping", 1) is None
    assert [ladder.rung("webhook.challenge", tries) for tries in (8, 9)] == [1800, None]


@pytest.mark.parametrize(("noise", "seconds"), [(-1, 54), (0, 60), (1, 66)])
def test_jitter_moves_a_rung_by_a_tenth_at_most(noise: float, seconds: float) -> None:
    assert ladder.jittered(60, noise) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("status", "retry_after", "held"),
    [
        (500, None, None),
        (None, None, None),
        (429, None, 10),
        (502, None, 10),
        (504, None, 10),
        (503, 120, 120),
        (429, 0, 0),
        (429, 86_400, 3600),
    ],
)
def test_an_endpoint_is_left_alone_as_it_asks_but_for_an_hour_at_most(
    status: int | None, retry_after: float | None, held: float | None
) -> None:
    assert ladder.held_for(status, retry_after) == held
