"""What a template cannot bring about in the embedded cloud, done by its APIs around the deploy."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox.cloud.ministack import Cloud

_SIGNING = "signing"


def put_secrets(cloud: Cloud, path: str, secrets: Mapping[str, Mapping[str, Any]]) -> None:
    """Store each secret as a SecureString of JSON; CloudFormation cannot create those.

    The key that signs the tokens of our own issuer is made once and then kept in the run
    directory: were the embedded cloud to lose it, every token handed out would turn invalid.
    """
    wanted = {_SIGNING: _signing_key(cloud), **secrets}
    ssm = cloud.client("ssm")
    for name, value in wanted.items():
        ssm.put_parameter(
            Name=f"{path}/{name}", Value=json.dumps(value), Type="SecureString", Overwrite=True
        )


def let_mail_go(cloud: Cloud, address: str) -> None:
    """Have SES take mail from an address: on AWS its owner proves it. Safe to repeat."""
    ses = cloud.client("sesv2")
    with contextlib.suppress(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=address)


def _signing_key(cloud: Cloud) -> dict[str, Any]:
    kept = cloud.run_dir / "signing.json"
    if not kept.exists():
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        point = private.public_key().public_numbers()
        keys = [{"kid": f"sandbox-{point.x:064x}"[:24], "private_key": pem}]
        kept.touch(mode=0o600)
        kept.write_text(json.dumps({"keys": keys}))
    key: dict[str, Any] = json.loads(kept.read_text())
    return key


def set_time_to_live(cloud: Cloud, template: Mapping[str, Any], tables: Mapping[str, str]) -> None:
    """The template's TimeToLiveSpecification is accepted and ignored; the API sets it."""
    dynamodb = cloud.client("dynamodb")
    for logical_id, table in tables.items():
        properties = template["Resources"][logical_id]["Properties"]
        wanted = properties.get("TimeToLiveSpecification")
        if not wanted:
            continue
        now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if now.get("TimeToLiveStatus") != "ENABLED":
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)


def answer_preflights(
    cloud: Cloud, template: Mapping[str, Any], physical: Mapping[str, str]
) -> None:
    """Browsers' OPTIONS requests get their headers.

    The embedded cloud imports Chalice's OPTIONS methods without their responses.
    """
    gateway = cloud.client("apigateway")
    api = physical["RestAPI"]
    pages = gateway.get_paginator("get_resources").paginate(restApiId=api)
    ids = {one["path"]: one["id"] for page in pages for one in page["items"]}
    for path, headers in _preflights(template):
        place = {"restApiId": api, "resourceId": ids[path], "httpMethod": "OPTIONS"}
        response = {**place, "statusCode": "200"}
        with contextlib.suppress(gateway.exceptions.ConflictException):
            gateway.put_method_response(
                **response, responseParameters=dict.fromkeys(headers, False)
            )
        gateway.put_integration_response(**response, responseParameters=headers)


def answer_for_the_gateway(
    cloud: Cloud, template: Mapping[str, Any], physical: Mapping[str, str]
) -> None:
    """What the gateway answers by itself gets the template's form.

    The embedded cloud ignores ``GatewayResponses`` in the template. A stage answers as its last
    deployment found them, so one follows wherever something has changed.
    """
    properties = template["Resources"]["RestAPI"]["Properties"]
    gateway, api = cloud.client("apigateway"), physical["RestAPI"]
    there = {
        one["responseType"]: one for one in gateway.get_gateway_responses(restApiId=api)["items"]
    }
    changed = False
    for kind, response in properties.get("GatewayResponses", {}).items():
        wanted = _gateway_response(response)
        if any(there.get(kind, {}).get(name) != value for name, value in wanted.items()):
            gateway.put_gateway_response(restApiId=api, responseType=kind, **wanted)
            changed = True
    if changed:
        gateway.create_deployment(restApiId=api, stageName=properties["StageName"])


def _gateway_response(response: Mapping[str, Any]) -> dict[str, Any]:
    """As the API wants what SAM writes shorter."""
    headers = response.get("ResponseParameters", {}).get("Headers", {})
    return {
        "statusCode": str(response["StatusCode"]),
        "responseParameters": {
            f"gatewayresponse.header.{name}": value for name, value in headers.items()
        },
        "responseTemplates": dict(response["ResponseTemplates"]),
    }


def _preflights(template: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    for path, methods in paths.items():
        options = methods.get("options", {}).get("x-amazon-apigateway-integration", {})
        headers = options.get("responses", {}).get("default", {}).get("responseParameters")
        # An OPTIONS route that the application serves itself brings its own headers.
        if options.get("type") == "mock" and headers:
            yield path, headers
