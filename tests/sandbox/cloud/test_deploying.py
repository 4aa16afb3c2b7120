import json
import stat
import time
from pathlib import Path
from typing import override

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from infra.packaging import Package
from sandbox.cloud import afterwards
from sandbox.cloud.deploying import DeployFailed, _reason, deploy
from sandbox.cloud.filters import Json
from sandbox.cloud.ministack import Client, Cloud


class FakeCloud(Cloud):
    """Answers the calls around a deploy and keeps what was put."""

    class exceptions:  # noqa: N801 - as boto3 names it
        class ConflictException(Exception):  # noqa: N818 - as boto3 names it
            pass

    def __init__(self, run_dir: Path) -> None:
        super().__init__(run_dir)
        self.parameters: dict[str, Json] = {}
        self.expiring: dict[str, Json] = {}
        self.headers: dict[str, Json] = {}

    @override
    def client(self, service: str, *, read_timeout: float = 60.0) -> Client:
        return self

    def put_parameter(self, **given: Json) -> None:
        assert given["Type"] == "SecureString"
        self.parameters[given["Name"]] = json.loads(given["Value"])

    def describe_time_to_live(self, *, TableName: str) -> Json:  # noqa: N803 - as boto3 names it
        status = "ENABLED" if TableName in self.expiring else "DISABLED"
        return {"TimeToLiveDescription": {"TimeToLiveStatus": status}}

    def update_time_to_live(self, *, TableName: str, TimeToLiveSpecification: Json) -> None:  # noqa: N803 - as boto3 names it
        assert TableName not in self.expiring, "AWS refuses to enable it twice"
        self.expiring[TableName] = TimeToLiveSpecification

    def get_paginator(self, _: str) -> "FakeCloud":
        return self

    def paginate(self, **_: str) -> Json:
        return [{"items": [{"path": "/v1/ping", "id": "r1"}]}]

    def put_method_response(self, **_: Json) -> None:
        raise self.exceptions.ConflictException

    def put_integration_response(self, **given: Json) -> None:
        self.headers[given["resourceId"]] = given["responseParameters"]


class FakeGateway(Cloud):
    """Keeps the responses that were put, and counts deployments."""

    def __init__(self) -> None:
        super().__init__(Path())
        self.there: dict[str, Json] = {}
        self.deployed: list[str] = []

    @override
    def client(self, service: str, *, read_timeout: float = 60.0) -> Client:
        return self

    def get_gateway_responses(self, **_: str) -> Json:
        return {"items": [{"responseType": kind, **it} for kind, it in self.there.items()]}

    def put_gateway_response(self, **given: Json) -> None:
        assert given.pop("restApiId") == "api"
        self.there[given.pop("responseType")] = given

    def create_deployment(self, **given: str) -> None:
        self.deployed.append(given["stageName"])


@pytest.fixture
def cloud(tmp_path: Path) -> FakeCloud:
    return FakeCloud(tmp_path)


def package(folder: Path, template: Json) -> Package:
    (folder / "sam.json").write_text(json.dumps(template))
    return Package(folder, "x86_64", "digest")


def test_secrets_are_stored_with_a_signing_key_that_stays(cloud: FakeCloud) -> None:
    afterwards.put_secrets(cloud, "/ieum/it", {"stripe": {"api_key": "sk"}})
    first = cloud.parameters.pop("/ieum/it/signing")
    afterwards.put_secrets(cloud, "/ieum/it", {"stripe": {"api_key": "sk"}})

    assert cloud.parameters == {"/ieum/it/stripe": {"api_key": "sk"}, "/ieum/it/signing": first}
    [key] = first["keys"]
    private = load_pem_private_key(key["private_key"].encode(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    assert isinstance(private.curve, SECP256R1)
    assert stat.S_IMODE((cloud.run_dir / "signing.json").stat().st_mode) == 0o600


def test_a_signing_key_that_is_given_is_taken(cloud: FakeCloud) -> None:
    afterwards.put_secrets(cloud, "/ieum/it", {"signing": {"keys": []}})

    assert cloud.parameters == {"/ieum/it/signing": {"keys": []}}


def test_time_to_live_is_set_once_where_the_template_asks_for_it(cloud: FakeCloud) -> None:
    wanted = {"AttributeName": "expires_at", "Enabled": True}
    template = {
        "Resources": {
            "Quotes": {"Properties": {"TimeToLiveSpecification": wanted}},
            "Orders": {"Properties": {}},
        }
    }

    for _ in range(2):
        afterwards.set_time_to_live(cloud, template, {"Quotes": "it-quotes", "Orders": "it-orders"})

    assert cloud.expiring == {"it-quotes": wanted}


def test_only_preflights_that_the_gateway_answers_itself_get_headers(cloud: FakeCloud) -> None:
    headers = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    mock = {"type": "mock", "responses": {"default": {"responseParameters": headers}}}
    paths = {
        "/v1/ping": {"options": {"x-amazon-apigateway-integration": mock}, "get": {}},
        "/health": {"options": {"x-amazon-apigateway-integration": {"type": "aws_proxy"}}},
        "/v1/orders": {"get": {}},
    }
    template = {"Resources": {"RestAPI": {"Properties": {"DefinitionBody": {"paths": paths}}}}}

    afterwards.answer_preflights(cloud, template, {"RestAPI": "api"})

    assert cloud.headers == {"r1": headers}


def test_the_gateway_answers_as_the_template_says_and_is_deployed_anew_only_then() -> None:
    answers = FakeGateway()
    response = {
        "StatusCode": 404,
        "ResponseParameters": {"Headers": {"Content-Type": "'application/problem+json'"}},
        "ResponseTemplates": {"application/json": "{}"},
    }
    properties = {
        "StageName": "ieum",
        "GatewayResponses": {"MISSING_AUTHENTICATION_TOKEN": response},
    }
    template = {"Resources": {"RestAPI": {"Properties": properties}}}

    for _ in range(2):
        afterwards.answer_for_the_gateway(answers, template, {"RestAPI": "api"})

    assert answers.deployed == ["ieum"]
    assert answers.there == {
        "MISSING_AUTHENTICATION_TOKEN": {
            "statusCode": "404",
            "responseParameters": {
                "gatewayresponse.header.Content-Type": "'application/problem+json'"
            },
            "responseTemplates": {"application/json": "{}"},
        }
    }


def test_an_overlay_for_a_handler_that_does_not_exist_is_told(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    broken = package(tmp_path, {"Resources": {"SendWebhook": {"Properties": {}}}})

    with pytest.raises(DeployFailed, match=r"names SendWebhook, but app.py has no such handler"):
        deploy(cloud, broken)


def test_a_parameter_that_the_template_does_not_know_is_told(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    empty = package(tmp_path, {"Resources": {}, "Parameters": {"Stage": {}}})

    with pytest.raises(DeployFailed, match="no parameter ClockRat"):
        deploy(cloud, empty, parameters={"Stage": "sandbox", "ClockRat": "60"})


def test_the_reason_of_a_failure_is_the_first_one_not_what_it_cancelled() -> None:
    class Events:
        def describe_stack_events(self, **_: str) -> Json:
            newest_first = [
                ("Stack", "ROLLBACK_IN_PROGRESS", "The following failed: [Queue]"),
                ("Role", "CREATE_FAILED", "Resource creation cancelled"),
                ("Queue", "CREATE_FAILED", "The name is taken"),
                ("Table", "CREATE_COMPLETE", ""),
            ]
            return {
                "StackEvents": [
                    {
                        "LogicalResourceId": name,
                        "ResourceType": f"AWS::{name}",
                        "ResourceStatus": status,
                        "ResourceStatusReason": reason,
                    }
                    for name, status, reason in newest_first
                ]
            }

    assert _reason(Events(), "it") == "Queue (AWS::Queue) failed: The name is taken"


def test_what_the_workers_leave_behind_is_put_aside_at_once_and_then_removed(
    tmp_path: Path,
) -> None:
    cloud = Cloud(tmp_path, port=1)  # nobody listens there, whatever else runs on this machine
    leavings = cloud.scratch / "worker" / "code.py"
    leavings.parent.mkdir(parents=True)
    leavings.touch()

    cloud.child().cleanup()

    assert not cloud.scratch.exists()
    deadline = time.monotonic() + 30
    while (tmp_path / "trash").exists():
        assert time.monotonic() < deadline
