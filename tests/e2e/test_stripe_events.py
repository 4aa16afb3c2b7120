"""The address that Stripe calls: what is not Stripe's, or not of this moment, is refused."""

import json
import time

import pytest

from sandbox.stripe.signing import signature_header
from tests.e2e.http import Reply
from tests.e2e.town import Town

pytestmark = pytest.mark.e2e

TEN_MINUTES = 600


def event(ident: str, intent_id: str = "pi_unknown") -> bytes:
    return json.dumps(
        {
            "id": ident,
            "object": "event",
            "type": "payment_intent.amount_capturable_updated",
            "data": {"object": {"id": intent_id, "object": "payment_intent"}},
        }
    ).encode()


def send(town: Town, content: bytes, *, secret: str = "", late: float = 0) -> Reply:
    at = int(time.time() - late)
    header = signature_header([secret or town.box.stripe_secret], at, content)
    return town.api.send("POST", "/v1/stripe/events", content, headers={"Stripe-Signature": header})


def stored(town: Town, ident: str) -> int:
    answer = town.box.cloud.client("dynamodb").query(
        TableName=town.box.deployment.tables["PaymentsTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"STRIPE#{ident}"}},
        ConsistentRead=True,
    )
    return int(answer["Count"])


@pytest.mark.parametrize(
    ("ident", "secret", "late"),
    [
        ("evt_forged", "whsec_somebody_elses", 0),
        ("evt_replayed", "", TEN_MINUTES),
        ("evt_from_the_future", "", -TEN_MINUTES),
    ],
)
def test_an_event_that_is_forged_old_or_of_the_future_is_refused_and_not_kept(
    town: Town, ident: str, secret: str, late: float
) -> None:
    answer = send(town, event(ident), secret=secret, late=late)

    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert stored(town, ident) == 0


def test_an_event_without_a_signature_is_refused(town: Town) -> None:
    answer = town.api.send("POST", "/v1/stripe/events", event("evt_unsigned"))

    assert answer.status == 400
    assert stored(town, "evt_unsigned") == 0


def test_an_event_whose_body_was_changed_on_the_way_is_refused(town: Town) -> None:
    header = signature_header([town.box.stripe_secret], int(time.time()), event("evt_signed"))

    answer = town.api.send(
        "POST", "/v1/stripe/events", event("evt_changed"), headers={"Stripe-Signature": header}
    )

    assert answer.status == 400
    assert stored(town, "evt_changed") == 0


def test_an_event_that_comes_twice_is_kept_once(town: Town) -> None:
    customer, store = town.customer(), town.store()
    [payment] = town.place(customer, town.quote(store, customer))["payments"]

    answers = [send(town, event("evt_twice", payment["intent_id"])) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert stored(town, "evt_twice") == 1
