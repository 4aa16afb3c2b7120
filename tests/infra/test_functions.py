"""What functions are given: time, memory, a log of their own, and the settings that code reads."""

import json
from typing import Any

import pytest

from chalicelib.catalog import availability_news
from chalicelib.core import settings
from chalicelib.couriers import status as deliveries
from chalicelib.couriers import working
from chalicelib.notifications import matrix
from chalicelib.orders import promotion_news
from chalicelib.orders import status as orders
from tests.infra.conftest import Packaged
from tests.infra.test_names import FUNCTIONS, SWEEPS

GIVEN_BY_LAMBDA = {"AWS_REGION", "AWS_DEFAULT_REGION"}
MEMORY = {"APIHandler": 1024, "SettlePayments": 512, "SweepUploads": 512}
SECONDS = {
    "APIHandler": 20,
    "DispatchCouriers": 30,
    "ForgetPeople": 300,
    "PushNotifications": 30,
    "ReconcilePayments": 300,
    "RingBells": 60,
    "SendWebhooks": 30,
    "SettlePayments": 30,
    "Track": 10,
}
GATEWAY_SECONDS = 29
EVENTS = {
    "order": {*orders.EVENT_TYPES.values(), *orders.NEWS},
    "delivery": {
        *deliveries.DELIVERY_EVENTS.values(),
        deliveries.DECLINED,
        deliveries.EXPIRED,
        deliveries.REVOKED,
        deliveries.DIRECTED,
        deliveries.WAITED_FOR,
        deliveries.OFFERED,
        deliveries.NO_COURIER,
    },
    "errand": {
        *deliveries.DELIVERY_EVENTS.values(),
        deliveries.DECLINED,
        deliveries.EXPIRED,
        deliveries.REVOKED,
        deliveries.DIRECTED,
        deliveries.OFFERED,
        deliveries.NO_COURIER,
        deliveries.LOST,
    },
    "courier": {
        working.ON_DUTY,
        working.OFF_DUTY,
        deliveries.SILENT,
        deliveries.DUTY_ENDS,
        deliveries.SUSPENDED,
    },
    "availability": {availability_news.TYPE},
    "promotion": {promotion_news.CREATED, promotion_news.CHANGED, promotion_news.ENDED},
    "stripe_event": set(),
}


def variables(packaged: Packaged, function: str) -> dict[str, object]:
    found: dict[str, object] = packaged.functions[function]["Environment"]["Variables"]
    return found


class Noting(dict[str, str]):
    """An environment that notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__(STAGE="dev")
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict has it
        self.asked.add(key)
        return super().get(key, default)


def read_by_settings() -> set[str]:
    """The names that chalicelib/core/settings.py asks an environment for."""
    environment = Noting()
    settings.read(environment)
    return environment.asked


def filled_in(value: object) -> str:
    """A variable's text as it might be in a stack named shop, with queues for URLs."""
    if isinstance(value, dict):
        value = value.get("Fn::Sub") or value.get("Ref") or ""
    return str(value).replace("${AWS::StackName}", "shop").replace("AWS::StackName", "shop")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_the_memory_and_the_time_that_it_was_promised(
    packaged: Packaged, name: str
) -> None:
    function = packaged.functions[name]

    assert function["MemorySize"] == MEMORY.get(name, 256)
    assert function["Timeout"] == SECONDS.get(name, 50)
    assert function["Runtime"] == "python3.13"


def test_the_api_gives_up_before_the_gateway_does(packaged: Packaged) -> None:
    assert packaged.functions["APIHandler"]["Timeout"] < GATEWAY_SECONDS


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_ends_before_the_next_begins(packaged: Packaged, name: str) -> None:
    assert packaged.functions[name]["Timeout"] < 60


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_writes_to_a_log_of_its_own_that_is_kept_for_a_fortnight(
    packaged: Packaged, name: str
) -> None:
    log = packaged.functions[name]["LoggingConfig"]["LogGroup"]["Ref"]

    group = packaged.resource(log)
    assert group["RetentionInDays"] == 14
    name_of_function = packaged.functions[name]["FunctionName"]["Fn::Sub"]
    assert group["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/{name_of_function}"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_lambda_adds_no_lines_of_its_own_to_what_goes_well(packaged: Packaged, name: str) -> None:
    logging = packaged.functions[name]["LoggingConfig"]

    assert (logging["LogFormat"], logging["SystemLogLevel"]) == ("JSON", "WARN")
    assert "ApplicationLogLevel" not in logging


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_setting_that_the_code_reads_is_given_and_no_other(
    packaged: Packaged, name: str
) -> None:
    assert {*variables(packaged, name)} == read_by_settings() - GIVEN_BY_LAMBDA


def test_what_every_function_is_told_makes_settings(packaged: Packaged) -> None:
    told = {name: filled_in(value) for name, value in variables(packaged, "RingBells").items()}

    elsewhere = ("STRIPE_API_URL", "AWS_ENDPOINT_URL_SNS", "EGRESS_ALLOW")
    bent = dict.fromkeys((*elsewhere, "CLOCK_RATE", "CLOCK_ORIGIN"), "")

    found = settings.read({**told, "STAGE": "prod", **bent})

    assert found.table("orders") == "shop-orders"
    assert found.event_tables == ("shop-couriers", "shop-news", "shop-orders", "shop-payments")
    assert found.parameters == "/ieum/shop"
    assert found.queues("order", "order.confirmed") == [
        "${CourierBells}",
        "${PushBells}",
        "${WebhookBells}",
    ]
    assert found.queues("delivery", "delivery.opened") == ["${CourierBells}"]
    assert found.courier_queue == "CourierBells"
    assert found.queues("order", "order.delivered") == [
        "${PaymentBells}",
        "${PushBells}",
        "${WebhookBells}",
    ]
    assert found.queues("order", "order.preparing") == ["${WebhookBells}"]
    assert found.queues("stripe_event", "payment_intent.succeeded") == ["${PaymentBells}"]


def test_bells_are_rung_only_for_events_that_exist(packaged: Packaged) -> None:
    bells = json.loads(filled_in(variables(packaged, "RingBells")["BELLS"]))

    for kind, known in EVENTS.items():
        assert {event for types in bells[kind].values() for event in types} <= known


def test_pushes_are_rung_for_what_somebody_is_told_and_for_nothing_else(
    packaged: Packaged,
) -> None:
    bells = json.loads(filled_in(variables(packaged, "RingBells")["BELLS"]))

    of_errands = bells.pop("errand")["${PushBells}"]
    rung = [(kind, one) for kind, queues in bells.items() for one in queues.get("${PushBells}", [])]
    told = {one for one, audience in matrix.MATRIX if audience is matrix.Audience.COURIER}
    assert {one for one in told if one.startswith("delivery.")} == set(of_errands)
    assert sorted(rung) == sorted((one.partition(".")[0], one) for one in matrix.TYPES)


@pytest.mark.parametrize(
    "parameter",
    ["StripeApiUrl", "SnsUrl", "EgressAllow", "ClockRate", "ClockOrigin", "UserPoolKeysOrigin"],
)
def test_what_bends_the_world_is_refused_outside_the_sandbox(
    packaged: Packaged, parameter: str
) -> None:
    rule = packaged.expanded["Rules"]["OnlyTheSandboxBendsTheWorld"]

    asserted = [found["Assert"]["Fn::Equals"] for found in rule["Assertions"]]
    assert [{"Ref": parameter}, ""] in asserted
    assert packaged.expanded["Parameters"][parameter]["Default"] == ""


def test_no_secret_is_in_the_environment(packaged: Packaged) -> None:
    for name in FUNCTIONS:
        words = {word for key in variables(packaged, name) for word in key.split("_")}
        assert not words & {"SECRET", "TOKEN", "PASSWORD", "PRIVATE"}
