import json

import boto3
from chalice.test import Client

from app import app
from tests.core import tokens


def test_health_says_stage_and_version_and_touches_nothing() -> None:
    with Client(app) as client:
        response = client.http.get("/health")

    assert response.json_body == {"status": "ok", "stage": "sandbox", "version": "0.1.0"}


def test_the_keys_of_stores_tokens_are_public() -> None:
    boto3.client("ssm", region_name="us-east-1").put_parameter(
        Name="/ieum/test/signing", Value=tokens.signing("a", "b"), Type="SecureString"
    )

    with Client(app) as client:
        response = client.http.get("/.well-known/jwks.json")

    assert [key["kid"] for key in response.json_body["keys"]] == ["a", "b"]
    assert '"d"' not in json.dumps(response.json_body)
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_without_its_keys_the_service_says_so() -> None:
    with Client(app) as client:
        response = client.http.get("/.well-known/jwks.json")

    assert response.status_code == 503
