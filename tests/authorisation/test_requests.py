"""Every route, asked by everybody, in every state of its object: the status is the table's."""

import json
from collections.abc import Mapping

import pytest

from app import app
from chalicelib.core.routing import Route
from tests.authorisation import oracle, probes
from tests.authorisation.oracle import CONFLICT, FORBIDDEN, HIDDEN, UNKNOWN, YES
from tests.authorisation.principals import EVERYBODY, EXPIRED, MACHINES, STAFF, Principal
from tests.authorisation.probes import (
    CODE_COMMANDS,
    COMMANDS,
    DELAY_COMMANDS,
    JOB_COMMANDS,
    OFFER_COMMANDS,
    REFUND_COMMANDS,
    REQUEST_COMMANDS,
    STORE_COMMANDS,
    WAIT_COMMANDS,
    WISH_COMMANDS,
    WISHED_COMMANDS,
)
from tests.authorisation.reviewed import (
    JOB_MOVES,
    MAY_ANSWER,
    MAY_ANSWER_CUSTOMER,
    MAY_ASK_STORE,
    MAY_CHECK,
    MAY_CHOOSE,
    MAY_DELAY,
    MAY_REFUND,
    MAY_WAIT,
    MOVES,
    OFFER_MOVES,
    REVIEWED,
    STATES,
    STORE_MOVES,
)
from tests.authorisation.town import UNPAID_STATES, Town
from tests.counting import Count
from tests.world import Reply

ROUTES = app.specs
CANCELS = {"cancel_order", "cancel_order_by_hand"}
OPEN_DELIVERY = {
    "get_open_delivery", "put_open_delivery", "post_open_delivery", "get_open_delivery_thing",
    "post_open_delivery_thing", "get_open_delivery_part", "post_open_delivery_part",
    "patch_open_delivery_part",
}  # fmt: skip
"""The protocol's operations are asked by everybody in tests/opendelivery."""
BY_SIGNATURE = {
    "issue_token": "400",
    "receive_stripe_event": "400",
    **dict.fromkeys(OPEN_DELIVERY, "404"),
}
"""Routes to which a bearer token means nothing, and what a request without a signature gets."""
IN_THE_WAY = {"customer", "courier", "biker", "rival"}
"""Who waits for an order, is on duty, or is the only owner of a store."""
OF_THE_LISTED = {
    "read_store", "read_menu", "read_availability", "list_slots", "list_offered_promotions",
}  # fmt: skip
OF_THE_STORE = (*STAFF, MACHINES[0])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_what_is_answered_is_what_the_table_says(route: Route, town: Town, cases: Count) -> None:
    wrong = []
    for kind, state in probes.states(route):
        order_id = town.put(kind, state)
        for who in _askers(kind):
            answer = _ask(route, who, town, order_id)
            cases.one()
            expected = _expected(route, who, kind, state)
            wrong += _faults(route, who, f"{kind} {state}", expected, answer, town)
            town.back()

    assert wrong == []


def _askers(kind: str) -> list[Principal]:
    """Everybody. Who may does not hang on how an order is fulfilled: there its store is enough."""
    if kind in {"takeaway", "dine_in"}:
        return [who for who in EVERYBODY if who.name in OF_THE_STORE]
    return EVERYBODY


def _ask(route: Route, who: Principal, town: Town, order_id: str) -> Reply:
    return town.world.call(
        route.method,
        probes.path(route, town, order_id=order_id),
        probes.body(route, town),
        token=town.token(who),
        headers={"Idempotency-Key": town.world.new_key()} if route.needs_key else {},
    )


def _expected(route: Route, who: Principal, kind: str, state: str) -> str:
    if route.raw:
        return BY_SIGNATURE[route.name]
    if who == EXPIRED:
        return UNKNOWN
    cell = _cell(route, who, state)
    if route.name == "ask_for_deletion" and who.name in IN_THE_WAY:
        return CONFLICT
    if route.name == "appeal_suspension" and cell == YES:
        return CONFLICT  # nobody in the town is suspended
    if cell in STATES:
        repeated = route.name in CANCELS and state in {"CANCELLED", "LAPSED"}
        cell = YES if repeated or state in STATES[cell] else CONFLICT
    if cell != YES:
        return cell
    done = _done(route, kind, state)
    return done if done.isdecimal() else YES


def _done(route: Route, kind: str, state: str) -> str:
    """What the table of commands says, where the route is one."""
    name = route.name
    if name in COMMANDS:
        return MOVES[kind, COMMANDS[name]][state]
    tables = (
        (STORE_COMMANDS, STORE_MOVES),
        (JOB_COMMANDS, JOB_MOVES),
        (OFFER_COMMANDS, OFFER_MOVES),
        (REQUEST_COMMANDS, MAY_ANSWER),
        (WISH_COMMANDS, MAY_ASK_STORE),
        (WISHED_COMMANDS, MAY_ANSWER_CUSTOMER),
        (CODE_COMMANDS, MAY_CHECK),
        (WAIT_COMMANDS, MAY_WAIT),
        (DELAY_COMMANDS, MAY_DELAY),
        (REFUND_COMMANDS, MAY_REFUND),
    )
    for commands, moves in tables:
        if name in commands:
            return moves[commands[name]][state]
    return MAY_CHOOSE[state] if name == "choose_without_courier" else YES


def _cell(route: Route, who: Principal, state: str) -> str:
    """The reviewed cell, where nothing else decides: what is hidden, and what a body names."""
    action = route.right.name
    if route.name in OF_THE_LISTED and state != "live":
        return YES if REVIEWED["store.read_unlisted"][who.name] == YES else HIDDEN
    cell = oracle.verdict(action, who)
    if route.name in {"set_favourite", "set_favourite_item"} and cell == YES and state != "live":
        return YES if REVIEWED["store.read_unlisted"][who.name] == YES else HIDDEN
    if route.name == "read_delivery" and state == "PENDING" and cell == YES:
        return YES if who.name == "operator" else HIDDEN  # nobody has it yet
    if route.name == "reject_order" and cell in STATES:
        cell = YES  # the table of commands says the rest
    of_the_store = who.name in OF_THE_STORE and state in UNPAID_STATES
    if of_the_store and (cell != FORBIDDEN or route.name == "create_refund"):
        return HIDDEN
    if action == "order.create" and cell == YES and who.name != "customer":
        return HIDDEN  # the quote in the body is the customer's
    return cell


def _faults(
    route: Route, who: Principal, at: str, expected: str, answer: Reply, town: Town
) -> list[str]:
    case = f"{route.name} by {who.name}, {at}"
    if expected == YES:
        good = 200 <= answer.status < 300
        return [] if good else [f"{case}: {answer.status}, not a success: {answer.text[:200]}"]
    found = []
    if answer.status != int(expected):
        found.append(f"{case}: {answer.status}, not {expected}: {answer.text[:200]}")
    elif not route.raw and answer.headers["Content-Type"] != "application/problem+json":
        found.append(f"{case}: not a problem")
    elif expected == CONFLICT and not _tells_states(answer.json):
        found.append(f"{case}: a conflict without states: {json.dumps(answer.json)}")
    if town.written:
        found.append(f"{case}: refused, yet it wrote ({town.written})")
    return found


def _tells_states(problem: Mapping[str, object]) -> bool:
    """What a conflict must say: how it stands, and what may be done so, or in which state this.

    Or what is in the way, one by one.
    """
    if problem.get("in_the_way"):
        return True
    return "current_status" in problem and bool({"allowed_commands", "allowed_in"} & problem.keys())
