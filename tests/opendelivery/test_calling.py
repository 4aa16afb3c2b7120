"""The protocol's webhook: signed, in order, again and again until it is taken; else polled."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from chalicelib.integrations import posting
from tests import people
from tests.integrations.street import Till, unreachable
from tests.opendelivery import protocol
from tests.opendelivery.desk import Desk, uuid

MERCHANT = "22815773000169-dbc7e35a-c936-4665-9e13-eb55eb8b6824"
URL = "https://till.example.com/newEvent"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def till() -> Iterator[Till]:
    made = Till()
    with posting.posting_through(made):
        yield made


def _join(desk: Desk) -> tuple[str, str]:
    """A client that has registered a webhook, and has signed in after that: its id and secret."""
    owner = people.person("merchant", "owner")
    path = f"/v1/stores/{desk.store_id}/clients"
    made = desk.world.post(path, {"label": "Till"}, token=owner, key="k").json
    client = made["client_id"], made["client_secret"]
    sign_in(desk, *client)
    onboarding = f"/v1/merchantOnboarding?merchantId={MERCHANT}"
    answer = desk.call("PUT", onboarding, {"ordersWebhookURL": URL})
    assert answer.json["ordersWebhookURL"] == URL
    sign_in(desk, *client)
    return client


def sign_in(desk: Desk, client_id: str, secret: str) -> None:
    form = f"grant_type=client_credentials&client_id={client_id}&client_secret={secret}"
    answer = desk.call("POST", "/oauth/token", raw=form.encode(), headers=FORM, token="")
    desk.given = answer.json["access_token"]


def _types(till: Till) -> list[str]:
    return [sent.json["eventType"] for sent in till.got]


def test_events_are_posted_signed_with_the_clients_secret_and_then_not_polled(
    desk: Desk, till: Till
) -> None:
    _, secret = _join(desk)
    order_id = desk.order()
    desk.confirm(order_id)
    desk.settle()

    assert _types(till) == ["CREATED", "CONFIRMED"]
    sent = till.got[0]
    signed = hmac.new(secret.encode(), sent.body, hashlib.sha256).hexdigest()
    assert sent.headers["X-App-Signature"] == signed
    assert sent.headers["X-App-MerchantId"] == MERCHANT
    protocol.demand("Event", sent.json)
    assert json.loads(sent.body)["orderId"] == uuid(order_id)
    assert desk.poll() == []


def test_what_is_not_taken_is_sent_again_in_order_and_is_there_to_be_polled(
    desk: Desk, till: Till
) -> None:
    _join(desk)
    till.answers = [500, unreachable()]
    desk.confirm(desk.order())
    desk.settle()
    assert _types(till) == ["CREATED"]
    assert [one["eventType"] for one in desk.poll()] == ["CREATED", "CONFIRMED"]

    desk.world.tick(10)
    desk.settle()
    desk.world.tick(20)
    desk.settle()

    assert _types(till) == ["CREATED", "CREATED", "CREATED", "CONFIRMED"]
    assert desk.poll() == []


def test_a_client_that_is_revoked_is_told_nothing_more(desk: Desk, till: Till) -> None:
    client_id, _ = _join(desk)
    owner = people.person("merchant", "owner")
    path = f"/v1/stores/{desk.store_id}/clients/{client_id}"
    assert desk.world.call("DELETE", path, token=owner).status == 204

    desk.order()
    desk.settle()

    assert till.got == []
    desk.given = None
    assert [one["eventType"] for one in desk.poll()] == ["CREATED"]
