"""What a diner's questions cost must not grow with the city."""

import pytest

from bench import cities
from bench.cities import Asked


def test_a_city_four_times_as_large_asks_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cities, "SIZES", (100, 400))
    monkeypatch.delenv("AWS_ENDPOINT_URL_SNS")

    found = cities.figures()

    assert list(cities.faults(found)) == []
    assert {name: one[100].requests for name, one in found.items()} == {
        "browse": 4, "search": 4, "menu": 2, "quote": 7, "place": 5,
    }  # fmt: skip
    assert "browse" in "\n".join(cities.shown(found))
    assert cities.as_json(found)["menu"]["400"]["requests"] == 2


@pytest.mark.parametrize(
    ("larger", "fault"),
    [
        (Asked(5, 6.5, 8000, 5), "browse of 1000 stores: 5 requests, not 4"),
        (Asked(4, 7.5, 8000, 4), "browse of 1000 stores: 7.5 units, not about 6.5"),
        (Asked(4, 6.5, 9000, 4), "browse of 1000 stores: 9000 bytes, not about 8000"),
    ],
)
def test_a_larger_city_that_asks_for_more_is_named(larger: Asked, fault: str) -> None:
    found = {"browse": {100: Asked(4, 6.5, 8000, 4), 1000: larger, 10_000: Asked(4, 6.5, 8000, 4)}}

    assert list(cities.faults(found)) == [fault]


def test_a_tenth_more_is_as_much() -> None:
    found = {"menu": {100: Asked(2, 10.0, 1000, 2), 1000: Asked(2, 11.0, 1100, 2),
                      10_000: Asked(2, 9.0, 900, 2)}}  # fmt: skip

    assert list(cities.faults(found)) == []


def test_an_order_is_placed_by_three_requests_in_a_row_and_one_call_of_stripe() -> None:
    sizes = (100, 1000, 10_000)
    few = {"place": dict.fromkeys(sizes, Asked(5, 40.0, 900, 3, 1))}
    many = {"place": dict.fromkeys(sizes, Asked(6, 40.0, 900, 4, 2))}

    assert list(cities.faults(few)) == []
    assert list(cities.faults(many)) == [
        f"place of {size} stores: {what}"
        for size in sizes
        for what in ("4 requests in a row", "2 calls of Stripe")
    ]
