"""What is another's looks like what is not there: to the last byte of the answer."""

import pytest

from app import app
from chalicelib.core.routing import Route
from tests.authorisation import oracle, probes
from tests.authorisation.oracle import HIDDEN, YES
from tests.authorisation.principals import EVERYBODY, EXPIRED, Principal
from tests.authorisation.reviewed import REVIEWED
from tests.authorisation.town import Town
from tests.counting import Count
from tests.world import Reply

NOTHING = "0000000000000000000000000A"
PREFIXES = {
    "store_id": "sto",
    "merchant_id": "mer",
    "quote_id": "quo",
    "order_id": "ord",
    "client_id": "cli",
    "webhook_id": "whk",
    "replay_id": "rpl",
    "delivery_id": "dlv",
    "offer_id": "ofr",
    "assignment_id": "ofr",
    "balance_id": "bal",
    "refund_id": "ref",
    "upload_id": "mup",
    "image_id": "img",
    "address_id": "adr",
    "promotion_id": "pro",
    "tablet_id": "tab",
    "rating_id": "rat",
    "invitation_id": "inv",
    "application_id": "app",
    "document_id": "doc",
}
OF_THE_LISTED = {
    "read_store", "read_menu", "read_availability", "list_slots", "list_offered_promotions",
}  # fmt: skip
OF_ONES_OWN = {"set_address", "remove_address", "remove_favourite", "remove_favourite_item"}
"""Everybody has addresses of their own: under another's id there is nothing, or one is made."""
WITH_IDS = [
    route
    for route in app.specs
    if any(name in PREFIXES for name in route.path_names) and route.name not in OF_ONES_OWN
]
SAFE_TO_REPEAT = {
    "remove_webhook",
    "remove_merchant_webhook",
    "dismiss_staff",
    "withdraw_invitation",
}
"""Taking away what is not there is done already."""


def _ask(route: Route, who: Principal, town: Town, **ids: str) -> Reply:
    return town.world.call(
        route.method,
        probes.path(route, town, **ids),
        probes.body(route, town),
        token=town.token(who),
        headers={"Idempotency-Key": town.world.new_key()} if route.needs_key else {},
    )


def _shown(answer: Reply) -> tuple[int, dict[str, str], dict[str, object]]:
    """An answer without what is each request's own: its id, and the address that was asked for."""
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    headers = {name: value for name, value in headers.items() if not name.startswith("RateLimit")}
    own = {"request_id", "instance"}
    body = answer.json if answer.text else {}
    return answer.status, headers, {name: body[name] for name in body if name not in own}


@pytest.mark.parametrize("route", WITH_IDS, ids=lambda route: f"{route.method} {route.path}")
def test_anothers_is_answered_like_what_is_not_there(
    route: Route, town: Town, cases: Count
) -> None:
    first = next(name for name in route.path_names if name in PREFIXES)
    absent = {first: f"{PREFIXES[first]}_{NOTHING}"}
    town.put(*(("store", "draft") if first == "store_id" else probes.good_state(route)))
    unequal = []
    for who in EVERYBODY:
        if who == EXPIRED or not _is_hidden(route, who):
            continue
        foreign = _shown(_ask(route, who, town))
        town.back()
        missing = _shown(_ask(route, who, town, **absent))
        town.back()
        cases.one()
        if foreign != missing or foreign[0] != 404:
            unequal.append((who.name, foreign, missing))

    assert unequal == []


def _is_hidden(route: Route, who: Principal) -> bool:
    if route.name in OF_THE_LISTED:
        return REVIEWED["store.read_unlisted"][who.name] != YES
    return oracle.verdict(route.right.name, who) == HIDDEN


@pytest.mark.parametrize("route", WITH_IDS, ids=lambda route: f"{route.method} {route.path}")
def test_to_who_may_see_all_what_is_not_there_is_missing(
    route: Route, town: Town, cases: Count
) -> None:
    first = next(name for name in route.path_names if name in PREFIXES)
    absent = {first: f"{PREFIXES[first]}_{NOTHING}"}
    town.put("", "")
    wrong = []
    for who in EVERYBODY:
        if oracle.verdict(route.right.name, who) in {"401", "403"} or who == EXPIRED:
            continue
        answer = _ask(route, who, town, **absent)
        town.back()
        cases.one()
        if answer.status != 404:
            wrong.append((who.name, answer.status, answer.text[:200]))

    assert wrong == []


PARTS = [
    route
    for route in app.specs
    if {"client_id", "webhook_id", "refund_id", "upload_id", "image_id", "tablet_id", "rating_id"}
    & set(route.path_names)
    and route.name not in SAFE_TO_REPEAT
]


@pytest.mark.parametrize("route", PARTS, ids=lambda route: f"{route.method} {route.path}")
def test_a_part_of_another_store_or_order_is_no_part_of_this_one(
    route: Route, town: Town, cases: Count
) -> None:
    town.put("", "")
    others = {
        "client_id": town.other_client,
        "webhook_id": town.other_webhook,
        "refund_id": town.other_refund,
        "upload_id": town.other_upload,
        "image_id": town.other_image,
        "tablet_id": town.other_tablet,
        "rating_id": town.other_rating,
    }
    name = next(name for name in route.path_names if name in others)
    wrong = []
    for who in EVERYBODY:
        if oracle.verdict(route.right.name, who) != YES:
            continue
        foreign = _shown(_ask(route, who, town, **{name: _other(town, route, others[name])}))
        missing = _shown(_ask(route, who, town, **{name: f"{PREFIXES[name]}_{NOTHING}"}))
        cases.one()
        if foreign != missing or foreign[0] != 404 or town.written:
            wrong.append((who.name, foreign, missing))

    assert wrong == []


def _other(town: Town, route: Route, usual: str) -> str:
    of_merchant = {"merchant_id", "webhook_id"} <= set(route.path_names)
    return town.other_merchant_webhook if of_merchant else usual


def test_removing_a_webhook_of_another_store_through_ones_own_removes_nothing(
    town: Town,
) -> None:
    town.put("", "")
    owner, rival = (next(who for who in EVERYBODY if who.name == one) for one in ("owner", "rival"))
    path = f"/v1/stores/{town.store}/webhooks/{town.other_webhook}"

    answer = town.world.call("DELETE", path, token=town.token(owner))

    assert answer.status == 204
    assert town.written == []
    its_own = f"/v1/stores/{town.other_store}/webhooks/{town.other_webhook}"
    assert town.world.get(its_own, town.token(rival))["id"] == town.other_webhook
