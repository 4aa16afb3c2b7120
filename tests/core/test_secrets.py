"""Secrets are read once, and again after five minutes of our own clock."""

import json

import boto3
import pytest

from chalicelib.core import secrets
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings
from tests.clocks import StandingClock


def _keep(value: object) -> None:
    boto3.client("ssm", region_name="us-east-1").put_parameter(
        Name=f"{settings().parameters}/till",
        Value=json.dumps(value),
        Type="SecureString",
        Overwrite=True,
    )


def test_another_secret_counts_after_five_minutes_and_no_sooner(clock_at: StandingClock) -> None:
    _keep({"key": "old"})
    first = secrets.read("till")
    _keep({"key": "new"})

    clock_at.move(secrets.MAX_AGE - 1)
    soon = secrets.read("till")
    clock_at.move(1)
    later = secrets.read("till")

    assert (first["key"], soon["key"], later["key"]) == ("old", "old", "new")


def test_what_cannot_be_read_is_an_outage_and_is_asked_for_again(clock_at: StandingClock) -> None:
    assert clock_at
    _keep(["no object"])
    with pytest.raises(UnavailableError):
        secrets.read("till")
    _keep({"key": "put right"})

    found = secrets.read("till")

    assert found == {"key": "put right"}


def test_a_secret_that_was_never_stored_is_not_asked_for_again_at_once(
    clock_at: StandingClock,
) -> None:
    absent = secrets.find("till")
    _keep({"key": "new"})

    still = secrets.find("till")
    clock_at.move(secrets.MAX_AGE)

    assert (absent, still, secrets.find("till")) == (None, None, {"key": "new"})
