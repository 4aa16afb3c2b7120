from urllib.parse import urlencode

import pytest

from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Json, Port, flattened, headers_of
from tests.sandbox.stripe.stories import World, create

WON: Json = {"amount": 15_000, "currency": "krw"}


@rests_on(
    "https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents"
)
def test_payment_method_types_can_no_longer_be_written(port: Port) -> None:
    wanted = {**WON, "payment_method_types": ["card"]}
    replies = [port.call("POST", f"{kind}_intents", wanted) for kind in ("payment", "setup")]

    reply = replies[0]
    assert (reply.status, reply.error["param"]) == (400, "payment_method_types")
    assert reply.error["code"] == "payment_method_types_no_longer_supported"


@rests_on("https://docs.stripe.com/api/versioning", fake_only="needs headers of our own making")
@pytest.mark.parametrize(
    ("version", "status"), [("2026-08-26.dahlia", 200), ("2026-10-28.endive", 400)]
)
def test_an_older_version_may_still_write_it(world: World, version: str, status: int) -> None:
    headers = headers_of("sk_test_x", None) | {"Stripe-Version": version}
    body = urlencode(flattened({**WON, "payment_method_types": ["card", "kakao_pay"]}))

    answered, _, _ = world.fake.request("POST", "/v1/payment_intents", headers, body)

    assert answered == status


@rests_on(
    "https://docs.stripe.com/changelog/dahlia/2026-07-29/allowed-payment-method-types-parameter",
    fake_only="needs headers of our own making",
)
def test_an_older_version_names_what_does_not_fit(world: World) -> None:
    headers = headers_of("sk_test_x", None) | {"Stripe-Version": "2026-08-26.dahlia"}
    wanted = {**WON, "payment_method_types": ["payco"], "capture_method": "manual"}

    status, _, body = world.fake.request(
        "POST", "/v1/payment_intents", headers, urlencode(flattened(wanted))
    )

    assert (status, body["error"]["param"]) == (400, "capture_method")


@rests_on(
    "https://docs.stripe.com/changelog/dahlia/2026-07-29/allowed-payment-method-types-parameter"
)
def test_what_does_not_fit_is_left_out_silently(port: Port) -> None:
    intent = create(port, allowed_payment_method_types=["card", "kakao_pay"], currency="usd")

    assert intent["payment_method_types"] == ["card"]
    assert intent["allowed_payment_method_types"] == ["card", "kakao_pay"]


@rests_on(
    "https://docs.stripe.com/api/payment_intents/create#create_payment_intent-excluded_payment_method_types"
)
def test_a_type_can_be_excluded(port: Port) -> None:
    intent = create(
        port,
        **WON,
        allowed_payment_method_types=None,
        excluded_payment_method_types=["kakao_pay"],
    )

    assert "card" in intent["payment_method_types"]
    assert "kakao_pay" not in intent["payment_method_types"]


@rests_on(
    "https://docs.stripe.com/changelog/dahlia/2026-07-29/allowed-payment-method-types-parameter"
)
@pytest.mark.parametrize(
    "other",
    [
        {"automatic_payment_methods": {"enabled": True}},
        {"excluded_payment_method_types": ["kakao_pay"]},
    ],
)
def test_naming_types_excludes_other_ways_to_choose(port: Port, other: dict[str, object]) -> None:
    wanted = {**WON, "allowed_payment_method_types": ["card"], **other}

    assert port.call("POST", "payment_intents", wanted).status == 400


@rests_on(
    "https://docs.stripe.com/api/payment_intents/create#create_payment_intent-automatic_payment_methods-allow_redirects"
)
def test_without_redirects_only_cards_are_left(port: Port) -> None:
    intent = create(
        port,
        **WON,
        allowed_payment_method_types=None,
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
        payment_method="pm_card_visa",
        confirm=True,
    )

    assert intent["status"] == "succeeded"
    assert "kakao_pay" not in intent["payment_method_types"]
