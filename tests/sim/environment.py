"""The environment of the simulated functions, as the template gives it to those on AWS.

Nothing of the product is imported here: its modules read the environment when they are imported.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from tests import tables

PREFIX = "test"
REGION = "us-east-1"
QUEUES = f"https://sqs.{REGION}.amazonaws.com/123456789012/"
POOL = f"https://cognito-idp.{REGION}.amazonaws.com/us-east-1_test"


@cache
def template() -> dict[str, Any]:
    """The overlay that is merged into the packaged template."""
    return tables.template()


def function_of(name: str) -> dict[str, Any]:
    """The properties of a function that Chalice names with dashes; empty where it has none."""
    logical = "".join(word.capitalize() for word in name.split("-"))
    found: dict[str, Any] = template()["Resources"].get(logical, {}).get("Properties", {})
    return found


def queue_url(logical: str) -> str:
    return QUEUES + logical


@cache
def variables() -> Mapping[str, str]:
    """What every function sees."""
    declared: dict[str, Any] = template()["Globals"]["Function"]["Environment"]["Variables"]
    bells = str(declared["BELLS"])
    for logical in template()["Resources"]:
        bells = bells.replace(f"${{{logical}}}", queue_url(logical))
    return {
        "STAGE": "sandbox",
        "TABLES": PREFIX,
        "EVENT_TABLES": declared["EVENT_TABLES"].replace("${AWS::StackName}", PREFIX),
        "BELLS": bells,
        "WEBHOOK_QUEUE": queue_url("WebhookBells"),
        "COURIER_QUEUE": queue_url("CourierBells"),
        "PARAMETERS": "/ieum/test",
        "AWS_ENDPOINT_URL_SNS": "http://push.test",
        "BUCKET": "test-images",
        "IMAGES_URL": "https://images.test",
        "USER_POOL_ID": "us-east-1_test",
        "USER_POOL_CLIENT_ID": "test-client",
        "USER_POOL_ISSUER": POOL,
        "USER_POOL_KEYS_URL": "https://keys.test/jwks.json",
        "ISSUER": "urn:ieum:test",
        "CORS_ORIGINS": "https://app.test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def dress() -> None:
    """Give this process the environment, where nobody else has: the product reads it early."""
    if "STAGE" not in os.environ:
        os.environ.update(variables())


@contextmanager
def dressed() -> Iterator[None]:
    """The environment for as long as a world runs, in a process that may have another."""
    before = {name: os.environ.get(name) for name in variables()}
    os.environ.update(variables())
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
