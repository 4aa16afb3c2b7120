import boto3
import pytest

from chalicelib.core import secrets, settings
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import WrongSettingsError
from tests.clocks import StandingClock

SANDBOX = {"STAGE": "sandbox"}
BELLS = '{"order": {"q1": [], "q2": ["order.created"]}}'


@pytest.mark.parametrize("stage", ["", "test", "PROD", "Sandbox"])
def test_a_stage_that_we_do_not_know_is_refused(stage: str) -> None:
    with pytest.raises(WrongSettingsError, match="STAGE must be one of"):
        settings.read({"STAGE": stage})


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize(
    "bent",
    [
        {"CLOCK_RATE": "60"},
        {"CLOCK_RATE": "0.5"},
        {"EGRESS_ALLOW": "127.0.0.1:80"},
        {"STRIPE_API_URL": "http://localhost:1"},
        {"AWS_ENDPOINT_URL_SNS": "http://localhost:1"},
    ],
)
def test_only_the_sandbox_bends_the_world(stage: str, bent: dict[str, str]) -> None:
    with pytest.raises(WrongSettingsError, match="only where STAGE is sandbox"):
        settings.read({"STAGE": stage, **bent})

    assert settings.read({**SANDBOX, **bent})


@pytest.mark.parametrize("stage", ["sandbox", "dev", "prod"])
def test_empty_settings_bend_nothing(stage: str) -> None:
    found = settings.read({"STAGE": stage, "CLOCK_RATE": "", "EGRESS_ALLOW": "", "BELLS": ""})

    assert (found.clock_rate, found.egress_allow, found.bells) == (1, frozenset(), {})
    assert (found.tables, found.region) == ("ieum", "us-east-1")


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "inf"])
def test_a_clock_runs_forward(rate: str) -> None:
    with pytest.raises(WrongSettingsError, match="CLOCK_RATE"):
        settings.read({**SANDBOX, "CLOCK_RATE": rate})


@pytest.mark.parametrize("wrong", [{"BELLS": "{"}, {"BELLS": "[]"}, {"CLOCK_RATE": "fast"}])
def test_a_setting_that_cannot_be_read_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(WrongSettingsError):
        settings.read({**SANDBOX, **wrong})


def test_a_queue_hears_all_events_of_a_kind_or_those_it_names() -> None:
    found = settings.read({**SANDBOX, "BELLS": BELLS})

    assert found.queues("order", "order.created") == ["q1", "q2"]
    assert found.queues("order", "order.cancelled") == ["q1"]
    assert found.queues("payment", "payment.captured") == []


def test_lists_are_separated_by_commas() -> None:
    found = settings.read(
        {**SANDBOX, "CORS_ORIGINS": " https://a.test, https://b.test,", "EVENT_TABLES": "b,a"}
    )

    assert found.cors_origins == {"https://a.test", "https://b.test"}
    assert found.event_tables == ("a", "b")


def test_tables_are_named_after_the_stack() -> None:
    found = settings.read({**SANDBOX, "TABLES": "mine", "AWS_REGION": "ap-northeast-2"})

    assert found.table("orders") == "mine-orders"
    assert found.region == "ap-northeast-2"


# --- secrets -----------------------------------------------------------------------------------


def _keep(name: str, value: str) -> None:
    boto3.client("ssm", region_name="us-east-1").put_parameter(
        Name=f"/ieum/test/{name}", Value=value, Type="SecureString", Overwrite=True
    )


def test_a_secret_is_read_decrypted_and_kept_for_a_while() -> None:
    _keep("stripe", '{"api_key": "one"}')
    assert secrets.read("stripe") == {"api_key": "one"}

    _keep("stripe", '{"api_key": "two"}')

    assert secrets.read("stripe") == {"api_key": "one"}
    secrets.forget()
    assert secrets.read("stripe") == {"api_key": "two"}


def test_a_secret_that_is_not_there_is_an_outage_never_a_default() -> None:
    with pytest.raises(UnavailableError):
        secrets.read("stripe")


def test_a_secret_that_may_be_left_out_is_nothing_until_it_is_there(
    clock_at: StandingClock,
) -> None:
    assert secrets.find("push") is None
    _keep("push", '{"fcm": "arn"}')

    assert secrets.find("push") is None  # nobody asks SSM again for five minutes
    clock_at.move(secrets.MAX_AGE)
    assert secrets.find("push") == {"fcm": "arn"}


def test_a_secret_that_may_be_left_out_is_an_outage_where_it_cannot_be_read() -> None:
    _keep("push", "not json")

    with pytest.raises(UnavailableError):
        secrets.find("push")


@pytest.mark.parametrize("value", ["not json", '"text"', "[]"])
def test_a_secret_that_cannot_be_read_is_an_outage(value: str) -> None:
    _keep("stripe", value)

    with pytest.raises(UnavailableError):
        secrets.read("stripe")
