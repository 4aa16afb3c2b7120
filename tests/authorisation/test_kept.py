"""Whatever an operator changes by hand is kept with a reason in their own words."""

import pytest

from app import app
from chalicelib.core.rights import Role
from chalicelib.core.routing import Route
from tests import laws, people
from tests.authorisation import probes
from tests.authorisation.principals import EVERYBODY
from tests.authorisation.town import CITY, Town

OF_ONESELF = {
    "write_profile", "ask_for_deletion", "withdraw_deletion", "register_device", "remove_device",
    "sign_out_everywhere",
}  # fmt: skip
"""What everybody does to what is their own."""
BY_OPERATORS = [
    route
    for route in app.specs
    if route.method != "GET"
    and any(role is Role.OPERATOR for role, _ in route.right.rows)
    and route.name not in OF_ONESELF
]
FIRST = {
    "restore_person": "suspend_person",
    "restore_guest": "suspend_guest",
    "restore_courier": "suspend_courier",
    "keep_person": "delete_person",
    "resume_orders": "stop_orders",
    "calm_store": "rush_store",
}
"""What has to be done before there is something to do."""
STATES = {
    "approve_store": ("store", "draft"),
    "reassign_delivery": ("job", "ACCEPTED"),
    "complete_delivery": ("job", "ARRIVED_AT_CUSTOMER"),
    "direct_delivery": ("job", "PENDING"),
}
OTHERWISE = {"put_city": {**CITY, "names": {"en": "Seoul City"}, "reason": "Renamed."}}
"""What is not as it stands already."""
HEADER, WORDS = "because%20of%20%EB%B9%84", "because of 비"


def ask(route: Route, town: Town, order_id: str) -> int:
    operator = next(who for who in EVERYBODY if who.name == "operator")
    headers = {"Operator-Reason": HEADER}
    if route.needs_key:
        headers["Idempotency-Key"] = town.world.new_key()
    path = probes.path(route, town, order_id=order_id)
    body, token = OTHERWISE.get(route.name) or probes.body(route, town), town.token(operator)
    return town.world.call(route.method, path, body, token=token, headers=headers).status


@pytest.mark.parametrize("route", BY_OPERATORS, ids=lambda route: route.name)
def test_what_an_operator_does_is_kept_in_their_words(route: Route, town: Town) -> None:
    by_name = {one.name: one for one in app.specs}
    order_id = town.put(*STATES.get(route.name, probes.good_state(route)))
    if route.name in FIRST:
        assert ask(by_name[FIRST[route.name]], town, order_id) < 300
    if route.name == "review_application":
        customer = next(who for who in EVERYBODY if who.name == "customer")
        path = f"/v1/applications/{town.application}/submit"
        assert town.world.post(path, token=town.token(customer)).status == 200
    before = {row["id"] for row in laws.rows("audit")}

    status = ask(route, town, order_id)

    kept = [row for row in laws.rows("audit") if row["id"] not in before]
    assert status < 300
    assert [(row["words"], bool(row["reason"])) for row in kept] == [(WORDS, True)]


NEEDS_WORDS = [route for route in app.specs if route.needs_reason]


@pytest.mark.parametrize("words", ["", "%20", "%00"])
def test_without_saying_why_an_operator_does_nothing(town: Town, words: str) -> None:
    """Of what they may do as operators alone it is asked at once, of the rest before it is kept."""
    operator = next(who for who in EVERYBODY if who.name == "operator")
    token = town.token(operator)
    both = people.person("", "usr-operator", **{"cognito:groups": ["customer", "operator"]})
    wrong = []
    for route in NEEDS_WORDS:
        order_id = town.put(*STATES.get(route.name, probes.good_state(route)))
        before = town.digest()
        for asking in (token, both):
            headers = {"Operator-Reason": words, "Idempotency-Key": town.world.new_key()}
            path = probes.path(route, town, order_id=order_id)
            body = OTHERWISE.get(route.name) or probes.body(route, town)
            answer = town.world.call(route.method, path, body, token=asking, headers=headers)
            missing = (400, "operator_reason_missing")
            if (answer.status, answer.json.get("code")) != missing or town.digest() != before:
                wrong.append((route.name, answer.status, answer.text[:200]))

    assert wrong == []
    assert len(NEEDS_WORDS) > 10


def test_nobody_else_is_asked_why(town: Town) -> None:
    order_id = town.put("delivery", "CREATED")
    customer = next(who for who in EVERYBODY if who.name == "customer")

    answer = town.world.call(
        "POST", f"/v1/orders/{order_id}/cancel", {"code": "changed_mind"},
        token=town.token(customer), headers={"Operator-Reason": ""},
    )  # fmt: skip

    assert answer.status == 200


def test_more_words_than_can_be_kept_are_refused_and_nothing_is_done(town: Town) -> None:
    operator = next(who for who in EVERYBODY if who.name == "operator")
    before = town.digest()

    answers = [
        town.world.call(
            "POST", f"/v1/stores/{town.store}/suspend", {"reason": "Closed."},
            token=town.token(operator), headers={"Operator-Reason": words},
        )
        for words in ("x" * 201, "%EB%B9%84" * 201)
    ]  # fmt: skip

    assert [(one.status, one.json["code"]) for one in answers] == [(400, "invalid")] * 2
    assert town.digest() == before
