"""The life of an order, every step of it: each state, each command, each way to reach the guest."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.status import Fulfilment
from chalicelib.orders import status
from chalicelib.orders.status import (
    ENDED,
    EVENT_TYPES,
    MOVES,
    TERMINAL,
    OrderCommand,
    OrderStatus,
)

KITCHEN = ["PENDING_PAYMENT", "CREATED", "CONFIRMED", "PREPARING", "READY_FOR_PICKUP"]
LIVES = {
    Fulfilment.DELIVERY: [*KITCHEN, "DISPATCHED", "DELIVERED", "CONCLUDED"],
    Fulfilment.TAKEAWAY: [*KITCHEN, "PICKED_UP", "CONCLUDED"],
    Fulfilment.DINE_IN: [*KITCHEN, "DELIVERED", "CONCLUDED"],
}
STEPS = {
    Fulfilment.DELIVERY: ["pay", "confirm", "prepare", "ready", "dispatch", "deliver", "conclude"],
    Fulfilment.TAKEAWAY: ["pay", "confirm", "prepare", "ready", "pick_up", "conclude"],
    Fulfilment.DINE_IN: ["pay", "confirm", "prepare", "ready", "deliver", "conclude"],
}
EVERYTHING = list(itertools.product(OrderStatus, OrderCommand, Fulfilment))


def _expected(start: OrderStatus, command: OrderCommand, fulfilment: Fulfilment) -> str | None:
    """The same rules, told as a road instead of a table."""
    life, steps = LIVES[fulfilment], STEPS[fulfilment]
    if start not in life:
        return None
    place = life.index(start)
    if command is OrderCommand.CANCEL:
        before = {"DELIVERED", "PICKED_UP", "CONCLUDED"}
        return None if start in before else "CANCELLED"
    if (start, command) == ("CONFIRMED", "ready"):
        return "READY_FOR_PICKUP"
    follows = place < len(steps) and steps[place] == command
    return life[place + 1] if follows else None


@pytest.mark.parametrize(("start", "command", "fulfilment"), EVERYTHING)
def test_every_command_leads_where_the_road_leads_and_nowhere_else(
    start: OrderStatus, command: OrderCommand, fulfilment: Fulfilment
) -> None:
    target = status.after(start, command, fulfilment)

    assert target == _expected(start, command, fulfilment)
    assert (command in status.allowed(start, fulfilment)) is (target is not None)


@pytest.mark.parametrize(("start", "command", "fulfilment"), EVERYTHING)
def test_a_command_was_applied_exactly_where_it_lies_behind(
    start: OrderStatus, command: OrderCommand, fulfilment: Fulfilment
) -> None:
    life, steps = LIVES[fulfilment], STEPS[fulfilment]
    behind = start in life and command in steps[: life.index(start)]
    cancelled = start is OrderStatus.CANCELLED and command is OrderCommand.CANCEL

    assert status.was_applied(start, command, fulfilment) is (behind or cancelled)


@pytest.mark.parametrize(("start", "command", "fulfilment"), EVERYTHING)
def test_a_command_is_never_both_possible_and_already_applied(
    start: OrderStatus, command: OrderCommand, fulfilment: Fulfilment
) -> None:
    possible = status.after(start, command, fulfilment) is not None

    assert not (possible and status.was_applied(start, command, fulfilment))


@given(st.sampled_from(Fulfilment), st.lists(st.sampled_from(OrderCommand), max_size=40))
def test_no_order_ever_goes_back_and_none_leaves_its_end(
    fulfilment: Fulfilment, commands: list[OrderCommand]
) -> None:
    order = [*LIVES[fulfilment], "CANCELLED"]
    stands = OrderStatus.PENDING_PAYMENT

    for command in commands:
        target = status.after(stands, command, fulfilment)
        assert target is None or stands not in TERMINAL
        assert target is None or order.index(target) > order.index(stands)
        stands = target or stands


def test_every_state_but_the_last_two_leads_on_and_has_its_event() -> None:
    for fulfilment, moves in MOVES.items():
        starts = {start for start, _ in moves}
        assert starts == set(LIVES[fulfilment]) - {"CONCLUDED"}
    assert set(EVENT_TYPES) == set(OrderStatus)
    assert TERMINAL < ENDED
