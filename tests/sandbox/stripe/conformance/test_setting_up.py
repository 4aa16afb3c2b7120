"""SetupIntents: a method saved for later, with the customer's permission."""

import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port
from tests.sandbox.stripe.stories import World, customer_of, set_up

ONLINE = {
    "customer_acceptance": {
        "type": "online",
        "accepted_at": 1_700_000_000,
        "online": {"ip_address": "192.0.2.1", "user_agent": "a browser"},
    }
}


@rests_on("https://docs.stripe.com/api/setup_intents/object#setup_intent_object-usage")
def test_a_setup_is_for_payments_without_the_customer_unless_said_otherwise(port: Port) -> None:
    setup = port.call("POST", "setup_intents", {"customer": customer_of(port)})

    assert setup["id"].startswith("seti_")
    assert (setup["status"], setup["usage"]) == ("requires_payment_method", "off_session")
    assert setup["client_secret"].startswith(f"{setup['id']}_secret_")


@rests_on("https://docs.stripe.com/api/setup_intents/object#setup_intent_object-mandate")
def test_a_mandate_says_when_and_how_it_was_given(port: Port) -> None:
    setup = set_up(port, customer_of(port), "pm_card_visa", mandate_data=ONLINE)

    mandate = port.call("GET", f"mandates/{setup['mandate']}")

    assert (mandate["status"], mandate["type"]) == ("active", "multi_use")
    assert mandate["payment_method"] == setup["payment_method"]
    assert mandate["customer_acceptance"]["type"] == "online"
    assert mandate["customer_acceptance"]["accepted_at"] == 1_700_000_000


@rests_on(
    "https://docs.stripe.com/api/setup_intents/create#create_setup_intent-return_url",
    fake_only="needs an account that offers Korean wallets",
)
def test_a_wallet_needs_a_way_back(world: World) -> None:
    reply = set_up(world.port, customer_of(world.port), "kakao_pay", return_url=None)

    assert (reply.status, reply.error["param"]) == (400, "return_url")


@rests_on(
    "https://docs.stripe.com/api/mandates/object",
    fake_only="needs the customer on a page of another",
)
@pytest.mark.parametrize("kind", ["kr_card", "naver_pay", "kakao_pay"])
def test_a_wallet_that_is_approved_has_a_mandate(world: World, kind: str) -> None:
    setup = set_up(world.port, customer_of(world.port), kind)
    waiting = setup["status"]

    world.fake.answer_wallet(setup["id"], "approve")

    saved = world.port.call(
        "GET", f"setup_intents/{setup['id']}", {"expand": ["mandate", "payment_method"]}
    )
    assert (waiting, saved["status"]) == ("requires_action", "succeeded")
    assert saved["mandate"]["payment_method_details"]["type"] == kind
    assert saved["payment_method"]["type"] == kind


@rests_on("https://docs.stripe.com/api/setup_intents/cancel")
def test_what_was_cancelled_is_never_saved(port: Port) -> None:
    setup = port.call("POST", "setup_intents", {"customer": customer_of(port)})
    canceled = port.call("POST", f"setup_intents/{setup['id']}/cancel")

    again = port.call(
        "POST", f"setup_intents/{setup['id']}/confirm", {"payment_method": "pm_card_visa"}
    )

    assert canceled["status"] == "canceled"
    assert (again.status, again.error["code"]) == (400, "setup_intent_unexpected_state")


@rests_on("https://docs.stripe.com/api/setup_intents/cancel")
def test_what_was_saved_is_not_cancelled(port: Port) -> None:
    setup = set_up(port, customer_of(port), "pm_card_visa")

    reply = port.call("POST", f"setup_intents/{setup['id']}/cancel")

    assert (reply.status, reply.error["code"]) == (400, "setup_intent_unexpected_state")
    assert reply.error["setup_intent"]["status"] == "succeeded"


@rests_on("https://docs.stripe.com/api/setup_intents/object#setup_intent_object-last_setup_error")
def test_a_card_that_is_declined_is_not_saved(port: Port) -> None:
    reply = set_up(port, customer_of(port), "pm_card_visa_chargeDeclinedInsufficientFunds")

    setup = reply.error["setup_intent"]
    assert (reply.status, reply.error["code"]) == (402, "card_declined")
    assert reply.error["decline_code"] == "insufficient_funds"
    assert setup["status"] == "requires_payment_method"
    assert setup["last_setup_error"]["code"] == "card_declined"


@rests_on("https://docs.stripe.com/api/setup_intents/create#create_setup_intent-customer")
def test_a_method_of_another_customer_is_refused(port: Port) -> None:
    method = set_up(port, customer_of(port), "pm_card_visa")["payment_method"]

    reply = set_up(port, customer_of(port), method)

    assert (reply.status, reply.error["type"]) == (400, "invalid_request_error")


@rests_on("https://docs.stripe.com/api/setup_intents/list")
def test_setups_of_a_customer_are_listed_with_their_metadata(port: Port) -> None:
    customer = customer_of(port)
    wanted = {"customer": customer, "metadata": {"method": "pmt_1"}}
    made = port.call("POST", "setup_intents", wanted)
    port.call("POST", "setup_intents", {"customer": customer_of(port)})

    since = {"customer": customer, "created": {"gte": made["created"]}}
    listed = port.call("GET", "setup_intents", since)

    assert [setup["metadata"] for setup in listed["data"]] == [{"method": "pmt_1"}]


@rests_on(
    "https://docs.stripe.com/api/events/types#event_types-setup_intent.succeeded",
    fake_only="needs an account with no other events",
)
def test_a_method_that_is_saved_is_told(world: World) -> None:
    set_up(world.port, customer_of(world.port), "pm_card_visa")

    assert world.events()[1:] == [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


@rests_on(
    "https://docs.stripe.com/api/events/types#event_types-setup_intent.setup_failed",
    fake_only="needs an account with no other events",
)
def test_a_setup_that_failed_or_was_given_up_is_told(world: World) -> None:
    customer = customer_of(world.port)
    failed = set_up(world.port, customer, "pm_card_visa_chargeDeclined").error["setup_intent"]
    world.port.call("POST", f"setup_intents/{failed['id']}/cancel")

    assert world.events()[1:] == [
        "setup_intent.created",
        "setup_intent.setup_failed",
        "setup_intent.canceled",
    ]


@rests_on(
    "https://docs.stripe.com/api/setup_intents/object#setup_intent_object-client_secret",
    fake_only="needs a publishable key",
)
def test_a_browser_confirms_a_setup_by_its_secret(world: World) -> None:
    setup = world.port.call("POST", "setup_intents", {"customer": customer_of(world.port)})
    path = f"setup_intents/{setup['id']}/confirm"
    card = {"payment_method": "pm_card_visa"}

    guessed = world.port.call(
        "POST", path, {**card, "client_secret": f"{setup['id']}_secret_x"}, bearer="pk_test_x"
    )
    confirmed = world.port.call(
        "POST", path, {**card, "client_secret": setup["client_secret"]}, bearer="pk_test_x"
    )

    assert guessed.status == 400
    assert confirmed["status"] == "succeeded"
    assert "customer" not in confirmed.body
