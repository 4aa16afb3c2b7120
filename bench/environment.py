"""The surroundings of the measured code, as the template tells them. It comes before imports."""

import json
import os
from collections.abc import Mapping
from typing import Any

from tests import tables

STACK = "bench"
SQS = "https://sqs.us-east-1.amazonaws.com/123456789012/"


def bells(template: Mapping[str, Any]) -> str:
    """Which queue hears what: the template's own words, with URLs for names."""
    said: str = template["Globals"]["Function"]["Environment"]["Variables"]["BELLS"]
    return said.replace("${", SQS).replace('}"', '"')


def prepare() -> None:
    """Become a function of a stack named `bench`, in the stage `dev`, where no line is extra."""
    said = bells(tables.template())
    json.loads(said)
    os.environ.update(
        {
            "STAGE": "dev",
            "TABLES": STACK,
            "EVENT_TABLES": f"{STACK}-orders,{STACK}-payments,{STACK}-couriers,{STACK}-news",
            "BELLS": said,
            "WEBHOOK_QUEUE": SQS + "WebhookBells",
            "COURIER_QUEUE": SQS + "CourierBells",
            "PARAMETERS": f"/ieum/{STACK}",
            "USER_POOL_CLIENT_ID": "bench-client",
            "USER_POOL_ISSUER": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_bench",
            "USER_POOL_KEYS_URL": "https://keys.test/jwks.json",
            "ISSUER": f"urn:ieum:{STACK}",
            "CORS_ORIGINS": "https://app.test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_SESSION_TOKEN": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    )
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "CLOCK_RATE", "CLOCK_ORIGIN", "EGRESS_ALLOW"):
        os.environ.pop(name, None)
