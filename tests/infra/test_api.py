"""The gateway, the people who sign in, and the limits that AWS sets."""

import json
import zipfile

import pytest

from chalicelib.core import errors
from chalicelib.core.errors import ProblemError
from chalicelib.core.schemas import Problem
from tests.infra.conftest import Packaged

RESPONSES = {
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "REQUEST_TOO_LARGE": 413,
    "THROTTLED": 429,
    "DEFAULT_5XX": 503,
}
RESOURCES_OF_A_REST_API = 270  # AWS stops at 300
RESOURCES_OF_A_STACK = 450  # AWS stops at 500
UNZIPPED = 150_000_000  # Lambda stops at 250 MB


@pytest.mark.parametrize(("kind", "status"), RESPONSES.items())
def test_what_the_gateway_answers_itself_is_a_problem_as_the_application_has_it(
    packaged: Packaged, kind: str, status: int
) -> None:
    body = packaged.resource("RestAPI")["Body"]
    response = body["x-amazon-apigateway-gateway-responses"][kind]

    problem = Problem.model_validate_json(response["responseTemplates"]["application/json"])
    assert (str(problem.status), response["statusCode"]) == (str(status), str(status))
    assert problem.code in {e.code for e in ProblemError.__subclasses__() if e.status == status}
    media = response["responseParameters"]["gatewayresponse.header.Content-Type"]
    assert media == "'application/problem+json'"


def test_a_throttled_caller_is_told_when_to_come_back(packaged: Packaged) -> None:
    body = packaged.resource("RestAPI")["Body"]
    throttled = body["x-amazon-apigateway-gateway-responses"]["THROTTLED"]

    assert throttled["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"
    assert errors.TooManyError.code in json.dumps(throttled)


def test_the_api_is_regional_compresses_and_speaks_modern_tls(packaged: Packaged) -> None:
    api = packaged.resource("RestAPI")

    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert api["MinimumCompressionSize"] == 1400
    assert api["SecurityPolicy"] == "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
    assert api["EndpointAccessMode"] == "STRICT"


def test_every_method_is_throttled_and_none_logs_what_it_carries(packaged: Packaged) -> None:
    [stage] = packaged.of_type("AWS::ApiGateway::Stage").values()

    [settings] = stage["MethodSettings"]
    assert (settings["HttpMethod"], settings["ResourcePath"]) == ("*", "/*")
    assert settings["ThrottlingRateLimit"] == 200
    assert settings["ThrottlingBurstLimit"] == 400
    assert settings["DataTraceEnabled"] is False


def test_people_are_made_by_us_and_have_long_passwords(packaged: Packaged) -> None:
    pool = packaged.resource("UserPool")

    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    assert pool["UserPoolTier"] == "LITE"
    assert pool["MfaConfiguration"] == "OFF"
    assert pool["DeletionProtection"] == {"Fn::If": ["IsProd", "ACTIVE", "INACTIVE"]}


def test_a_token_lives_for_a_quarter_of_an_hour_and_can_be_revoked(packaged: Packaged) -> None:
    client = packaged.resource("UserPoolClient")

    assert client["AccessTokenValidity"] == 15
    assert client["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert client["EnableTokenRevocation"] is True
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["GenerateSecret"] is False
    assert {*client["ExplicitAuthFlows"]} == {
        "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    }  # fmt: skip


def test_there_is_a_group_for_each_kind_of_person(packaged: Packaged) -> None:
    groups = packaged.of_type("AWS::Cognito::UserPoolGroup").values()

    names = {group["GroupName"] for group in groups}
    assert names == {"customer", "courier", "merchant", "operator"}


def test_the_paths_fit_into_one_rest_api(packaged: Packaged) -> None:
    paths = packaged.resource("RestAPI")["Body"]["paths"]

    resources = {"/".join(path.split("/")[:depth])
                 for path in paths for depth in range(2, path.count("/") + 2)}  # fmt: skip
    assert len(resources) < RESOURCES_OF_A_REST_API


def test_the_resources_fit_into_one_stack(packaged: Packaged) -> None:
    assert len(packaged.expanded["Resources"]) < RESOURCES_OF_A_STACK


def test_the_package_fits_into_a_function_with_room_to_spare(packaged: Packaged) -> None:
    with zipfile.ZipFile(packaged.package.zip) as archive:
        unzipped = sum(entry.file_size for entry in archive.infolist())

    assert unzipped < UNZIPPED


def test_the_package_holds_the_product_and_nothing_that_surrounds_it(packaged: Packaged) -> None:
    with zipfile.ZipFile(packaged.package.zip) as archive:
        roots = {name.split("/")[0] for name in archive.namelist()}

    assert {"app.py", "chalicelib", "chalice"} <= roots
    assert not roots & {"tests", "sandbox", "infra", "bench", "moto", "pytest", ".chalice"}
