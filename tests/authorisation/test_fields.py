"""What is shown to whom, field by field: a field that nobody has reviewed fails."""

from typing import Any

import pytest

from app import app
from chalicelib.core.routing import Route
from chalicelib.couriers import proving
from chalicelib.couriers.status import BEFORE_PICK_UP, CARRIED
from chalicelib.orders.codes import TO_HAND_OVER
from tests.authorisation import probes
from tests.authorisation.golden import DROP_OFF, FIELDS, LISTED_FOR, ORDER_VIEW
from tests.authorisation.principals import EVERYBODY, Principal
from tests.authorisation.probes import order_states
from tests.authorisation.reviewed import rows
from tests.authorisation.town import DOOR, FULFILMENTS, INVITED, UNPAID_STATES, Town
from tests.counting import Count
from tests.world import Reply

GETS = [
    route
    for route in app.specs
    if route.method == "GET" and not route.raw and route.name != "read_openapi"
]
BY_LANGUAGE = {"names", "store_names", "descriptions"}
STRIPE_SECRET = "_secret_"
BRINGS = BEFORE_PICK_UP | CARRIED
"""While a courier brings an order, they know where to."""


def _named(name: str) -> Principal:
    return next(who for who in EVERYBODY if who.name == name)


def _get(route: Route, who: Principal, town: Town, **ids: str) -> Reply:
    return town.world.call("GET", probes.path(route, town, **ids), token=town.token(who))


def fields(shown: Any, at: str = "") -> set[str]:  # noqa: ANN401 - any JSON
    """The names of all fields that hold something, with those that they are in."""
    if isinstance(shown, list):
        return set().union(*(fields(one, at) for one in shown))
    if not isinstance(shown, dict) or at.rpartition(".")[2] in BY_LANGUAGE:
        return set()
    found = set()
    for name, value in shown.items():
        if value is not None:
            here = f"{at}.{name}" if at else name
            found |= {here} | fields(value, here)
    return found


ORDER_READ = next(route for route in GETS if route.name == "read_order")
VIEWERS = ("customer", "owner", "till", "both", "operator", "machine")


@pytest.mark.parametrize("viewer", VIEWERS)
def test_an_order_shows_to_each_what_was_reviewed(viewer: str, town: Town, cases: Count) -> None:
    wrong: list[tuple[object, ...]] = []
    for fulfilment in FULFILMENTS:
        for state in order_states(fulfilment):
            order_id = town.put(fulfilment, state)
            answer = _get(ORDER_READ, _named(viewer), town, order_id=order_id)
            cases.one()
            if answer.status == 200:
                shown = {name for name, value in answer.json.items() if value is not None}
                expected = _reviewed(viewer, fulfilment, state)
                if shown != expected:
                    wrong.append((fulfilment, state, sorted(shown ^ expected)))
            elif state not in UNPAID_STATES or viewer in {"customer", "operator"}:
                wrong.append((fulfilment, state, answer.status))

    assert wrong == []


def _reviewed(viewer: str, fulfilment: str, state: str) -> set[str]:
    expected = set(ORDER_VIEW["always"])
    expected |= ORDER_VIEW.get(state, frozenset())
    if fulfilment == "delivery":
        expected |= {"note", "delivered_by"}
        if rows(DROP_OFF)[viewer,][state] == "yes":
            expected.add("drop_off")
    if viewer == "customer" and fulfilment != "dine_in" and state in TO_HAND_OVER:
        expected.add("hand_over_code")
    return expected


@pytest.mark.parametrize("route", GETS, ids=lambda route: route.name)
def test_an_answer_has_no_field_that_nobody_reviewed(route: Route, town: Town) -> None:
    town.put(*probes.good_state(route))

    answer = _get(route, _named(LISTED_FOR.get(route.name, "operator")), town)

    assert answer.status == 200, answer.text
    assert fields(answer.json) - set(FIELDS[route.name].split()) == set()


@pytest.mark.parametrize("route", GETS, ids=lambda route: route.name)
def test_no_answer_to_a_get_holds_a_secret_nor_but_the_order_where_it_goes(
    route: Route, town: Town, cases: Count
) -> None:
    told = []
    for kind, state in _looked_at(route):
        town.put(kind, state)
        for who in EVERYBODY:
            text = _get(route, who, town).text
            cases.one()
            if any(one in text for one in _hidden(route, who, state, town)):
                told.append((who.name, state))

    assert told == []


def _looked_at(route: Route) -> list[tuple[str, str]]:
    if "order_id" in route.path_names:
        return [("delivery", state) for state in order_states("delivery")]
    return probes.states(route) if "delivery_id" in route.path_names else [("delivery", "CREATED")]


def _hidden(route: Route, who: Principal, state: str, town: Town) -> list[str]:
    hidden = [*town.secrets, f'"{proving.pin(town.delivery)}"']
    if (route.name, who.name) == ("export_own_data", "customer"):
        return [one for one in hidden if one != INVITED]  # their own address, and their orders'
    if route.name == "read_delivery" and who.name == "courier" and state in BRINGS:
        return hidden
    if (route.name, who.name, state) != ("read_payments", "customer", "PENDING_PAYMENT"):
        hidden.append(STRIPE_SECRET)
    if route.name != "read_order":  # which has a test of its own
        hidden.append(str(DOOR["address"]))
    return hidden


@pytest.mark.parametrize("viewer", ["owner", "till", "machine", "operator"])
@pytest.mark.parametrize("state", UNPAID_STATES)
def test_an_order_that_nobody_paid_is_on_no_list_of_its_store(
    viewer: str, state: str, town: Town
) -> None:
    town.put("delivery", state)
    route = next(route for route in GETS if route.name == "list_store_orders")

    answer = _get(route, _named(viewer), town)

    assert answer.json["items"] == []


def test_a_customer_lists_their_own_orders_alone(town: Town) -> None:
    town.put("delivery", "CREATED")
    route = next(route for route in GETS if route.name == "list_orders")
    own, others = (_get(route, _named(who), town).json for who in ("customer", "both"))

    assert {order["id"] for order in own["items"]} == set(town.orders.values())
    assert others["items"] == []
