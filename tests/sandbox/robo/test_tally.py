"""What counts as a server error."""

import pytest

from sandbox.robo.tally import Tally


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504])
def test_any_5xx_is_a_server_error_where_nobody_kills_anything(status: int) -> None:
    tally = Tally()

    tally.answered("POST", "/v1/orders", status, "internal")

    assert tally.server_errors == 1
    assert tally.failures[0].path == "/v1/orders"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_what_chaos_has_cut_short_is_told_apart(status: int) -> None:
    tally = Tally(disturbed=lambda: True)

    tally.answered("POST", "/v1/orders", status, "")

    assert (tally.server_errors, tally.cut_short) == (0, 1)


def test_a_500_is_a_server_error_even_under_chaos() -> None:
    tally = Tally(disturbed=lambda: True)

    tally.answered("POST", "/v1/orders", 500, "internal")

    assert (tally.server_errors, tally.cut_short) == (1, 0)


def test_refusals_are_no_errors_of_the_server() -> None:
    tally = Tally()

    for status in (200, 201, 404, 409, 410, 422, 429):
        tally.answered("GET", "/v1/offers", status, "")

    assert (tally.server_errors, tally.calls) == (0, 7)
