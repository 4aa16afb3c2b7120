import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Json, Port
from tests.sandbox.stripe.stories import World, create, look

CREATE = "https://docs.stripe.com/api/payment_intents/create"
ERRORS = "https://docs.stripe.com/error-codes"
CURRENCIES = "https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts"

# what is sent, error code, parameter named, Stripe's page
REFUSED: list[tuple[str, Json, str | None, str, str]] = [
    ("no amount", {"amount": None}, "parameter_missing", "amount", CREATE),
    ("no currency", {"currency": None}, "parameter_missing", "currency", CREATE),
    ("a word for amount", {"amount": "ten"}, "parameter_invalid_integer", "amount", ERRORS),
    ("a fraction", {"amount": "10.5"}, "parameter_invalid_integer", "amount", ERRORS),
    ("nothing at all", {"amount": 0}, "parameter_invalid_integer", "amount", ERRORS),
    ("a negative amount", {"amount": -2000}, "parameter_invalid_integer", "amount", ERRORS),
    ("49 cents", {"amount": 49}, "amount_too_small", "amount", CURRENCIES),
    ("99 won", {"amount": 99, "currency": "krw"}, "amount_too_small", "amount", CURRENCIES),
    ("49 yen", {"amount": 49, "currency": "jpy"}, "amount_too_small", "amount", CURRENCIES),
    ("nine digits", {"amount": 100_000_000}, "amount_too_large", "amount", CURRENCIES),
    ("an unknown currency", {"currency": "xyz"}, None, "currency", CREATE),
    (
        "an unknown parameter",
        {"amonut": 2000},
        "parameter_unknown",
        "amonut",
        ERRORS,
    ),
    ("an unknown capture method", {"capture_method": "later"}, None, "capture_method", CREATE),
    ("an unknown customer", {"customer": "cus_nobody"}, "resource_missing", "customer", ERRORS),
    (
        "an unknown payment method",
        {"payment_method": "pm_nothing"},
        "resource_missing",
        "payment_method",
        ERRORS,
    ),
]


@rests_on("https://docs.stripe.com/error-codes")
@pytest.mark.parametrize(
    ("params", "code", "param"), [row[1:4] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_wrong_parameter_is_named(port: Port, params: Json, code: str | None, param: str) -> None:
    reply = create(port, **params)

    assert reply.status == 400
    assert reply.error["type"] == "invalid_request_error"
    assert reply.error.get("code") == code
    assert reply.error["param"] == param


@rests_on("https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts")
@pytest.mark.parametrize(
    ("amount", "currency"), [(50, "usd"), (100, "krw"), (50, "eur"), (50, "jpy")]
)
def test_the_smallest_amount_is_taken(port: Port, amount: int, currency: str) -> None:
    reply = create(port, amount=amount, currency=currency)

    assert reply.status == 200


@rests_on("https://docs.stripe.com/currencies#three-decimal")
def test_a_three_decimal_amount_ends_in_zero(port: Port) -> None:
    odd = create(port, amount=5125, currency="kwd")
    even = create(port, amount=5120, currency="kwd")

    assert (odd.status, even.status) == (400, 200)


@rests_on("https://docs.stripe.com/api/payment_intents/object")
def test_a_new_intent_waits_for_a_method(port: Port) -> None:
    intent = create(port, metadata={"order": "ord_1"})

    assert intent["object"] == "payment_intent"
    assert intent["id"].startswith("pi_")
    assert intent["client_secret"].startswith(f"{intent['id']}_secret_")
    assert intent["status"] == "requires_payment_method"
    assert (intent["amount_capturable"], intent["amount_received"]) == (0, 0)
    assert intent["metadata"] == {"order": "ord_1"}
    assert intent["livemode"] is False


@rests_on("https://docs.stripe.com/payments/paymentintents/lifecycle")
def test_with_a_method_it_waits_for_its_confirmation(port: Port) -> None:
    intent = create(port, payment_method="pm_card_visa")

    assert intent["status"] == "requires_confirmation"


@rests_on("https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods")
def test_without_types_the_account_offers_what_fits(port: Port) -> None:
    intent = create(
        port, allowed_payment_method_types=None, automatic_payment_methods={"enabled": True}
    )

    assert intent["automatic_payment_methods"]["enabled"] is True
    assert "card" in intent["payment_method_types"]


@rests_on("https://docs.stripe.com/payments/accept-a-payment-deferred")
def test_an_intent_that_may_redirect_needs_a_way_back(port: Port) -> None:
    reply = create(
        port, allowed_payment_method_types=None, payment_method="pm_card_visa", confirm=True
    )

    assert reply.status == 400


@rests_on(
    "https://docs.stripe.com/api/payment_intents/update", "https://docs.stripe.com/api/metadata"
)
def test_an_update_changes_amount_and_adds_metadata(port: Port) -> None:
    intent = create(port, metadata={"order": "ord_1", "leg": "1"})

    port.call(
        "POST",
        f"payment_intents/{intent['id']}",
        {"amount": 2500, "metadata": {"leg": "", "store": "sto_1"}},
    )

    changed = look(port, intent)
    assert changed["amount"] == 2500
    assert changed["metadata"] == {"order": "ord_1", "store": "sto_1"}


@rests_on("https://docs.stripe.com/api/pagination")
def test_a_list_is_newest_first_and_turns_its_pages(port: Port) -> None:
    made = [create(port)["id"] for _ in range(3)]

    first = port.call("GET", "payment_intents", {"limit": 2})
    cursor = {"limit": 1, "starting_after": first["data"][-1]["id"]}
    second = port.call("GET", "payment_intents", cursor)

    assert [intent["id"] for intent in first["data"]] == [made[2], made[1]]
    assert first["has_more"] is True
    assert second["data"][0]["id"] == made[0]


@rests_on("https://docs.stripe.com/api/payment_intents/list")
def test_a_list_can_be_of_one_customer(port: Port) -> None:
    customer = port.call("POST", "customers", {"email": "a@example.com"})["id"]
    theirs = create(port, customer=customer)
    create(port)

    listed = port.call("GET", "payment_intents", {"customer": customer})

    assert [intent["id"] for intent in listed["data"]] == [theirs["id"]]


@rests_on("https://docs.stripe.com/error-codes#resource-missing")
def test_an_unknown_intent_is_404(port: Port) -> None:
    reply = port.call("GET", "payment_intents/pi_nothing")

    assert reply.status == 404
    assert reply.error["code"] == "resource_missing"


@rests_on("https://docs.stripe.com/api/errors")
def test_an_unknown_route_is_404_in_stripes_shape(port: Port) -> None:
    reply = port.call("GET", "payment_intent")

    assert reply.status == 404
    assert reply.error["type"] == "invalid_request_error"
    assert "Unrecognized request URL" in reply.error["message"]


@rests_on("https://docs.stripe.com/api/authentication")
@pytest.mark.parametrize("bearer", ["none", "sk_test_" + "!" * 4, "nonsense"])
def test_without_a_valid_key_nothing_is_answered(port: Port, bearer: str) -> None:
    reply = port.call("GET", "payment_intents", bearer=bearer)

    assert reply.status == 401
    assert reply.error["type"] == "invalid_request_error"


@rests_on(
    "https://docs.stripe.com/api/authentication",
    "`curl -u sk_test_x:`",
    fake_only="needs headers of our own making",
)
@pytest.mark.parametrize(
    ("user", "status"), [("c2tfdGVzdF94Og==", 200), ("bm9ib2R5Og==", 401), ("%%%", 401)]
)
def test_the_key_may_be_the_user_of_basic_authentication(
    world: World, user: str, status: int
) -> None:
    headers = {"Authorization": f"Basic {user}"}

    answered, _, _ = world.fake.request("GET", "/v1/balance", headers, "")

    assert answered == status


@rests_on("https://docs.stripe.com/api/request_ids")
def test_every_answer_has_a_request_id(port: Port) -> None:
    reply = create(port)

    assert reply.headers["Request-Id"].startswith("req_")


@rests_on("https://docs.stripe.com/expand")
def test_an_id_can_be_expanded(port: Port) -> None:
    customer = port.call("POST", "customers", {"name": "Kim"})["id"]
    intent = create(port, customer=customer)

    expanded = look(port, intent, expand=["customer"])

    assert expanded["customer"]["name"] == "Kim"
