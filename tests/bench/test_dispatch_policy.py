"""The optimiser in the evaluator's form: what a state becomes, and what it is answered with."""

from typing import Any

import pytest

from bench.dispatch import gini
from bench.dispatch_policy import city, policy


def state(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a state
    """One order, ready at a restaurant, and one courier who stands there."""
    return {
        "time": 720,
        "interval": 1,
        "params": {
            "meters_per_minute": 320,
            "pickup_service": 4,
            "dropoff_service": 4,
            "target_c2d": 40,
            "max_c2d": 90,
            "pay_per_order": 10,
            "guaranteed_pay_per_hour": 15,
        },
        "restaurants": {"r": [0, 0]},
        "roster": [
            {"id": "c", "x": 5, "y": 5, "on_time": 600, "off_time": 900},
            {"id": "gone", "x": 5, "y": 5, "on_time": 500, "off_time": 700},
            {"id": "soon", "x": 9000, "y": 5, "on_time": 730, "off_time": 900},
        ],
        "orders": [
            {
                "id": "o",
                "restaurant": "r",
                "x": 0,
                "y": 640,
                "placement_time": 700,
                "ready_time": 720,
            }
        ],
        "couriers": [courier()],
        **changed,
    }


def courier(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a courier
    return {
        "id": "c",
        "on_time": 600,
        "off_time": 900,
        "status": "idle",
        "free_at": 715,
        "x": 0,
        "y": 0,
        "at_restaurant": "r",
        "arrived_at": 715,
        "can_queue": True,
        "committed": [],
        "delivered": 3,
        **changed,
    }


def test_an_order_that_is_ready_goes_to_who_stands_there() -> None:
    assert policy(state()) == [["c", ["o"]]]


def test_who_is_needed_elsewhere_is_sent_there() -> None:
    away = courier(x=3200, at_restaurant=None, arrived_at=None)

    assert policy(state(couriers=[away])) == [["c", {"move": "r"}]]


def test_who_is_on_duty_counts_and_who_will_be_and_nobody_who_holds_two_tasks() -> None:
    idle = city(state())
    full = city(state(couriers=[courier(can_queue=False)]))

    assert [(each.courier_id, each.free_at, each.done) for each in idle.couriers] == [
        ("c", 715, 3),
        ("soon", 730, 0),
    ]
    assert [each.courier_id for each in full.couriers] == ["soon"]


def test_shares_are_told_apart_by_how_unequal_they_are() -> None:
    assert gini([15.0, 15.0, 15.0]) == 0
    assert gini([0.0, 0.0, 30.0]) == pytest.approx(2 / 3)
    assert gini([]) == 0
