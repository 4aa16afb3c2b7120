"""The people of the sandbox sign in."""

from typing import Any

import boto3
import jwt
import pytest
from botocore.exceptions import ClientError

from sandbox import people

POLICY = {
    "MinimumLength": 12,
    "RequireLowercase": False,
    "RequireUppercase": False,
    "RequireNumbers": False,
    "RequireSymbols": False,
}


@pytest.fixture
def cognito() -> Any:  # noqa: ANN401 - boto3 makes its clients' methods at run time
    return boto3.client("cognito-idp", region_name="us-east-1")


@pytest.fixture
def pool(cognito: Any) -> str:  # noqa: ANN401 - the same
    made = cognito.create_user_pool(
        PoolName="test", UsernameAttributes=["email"], Policies={"PasswordPolicy": POLICY}
    )
    for group in ("customer", "courier", "merchant", "operator"):
        cognito.create_group(UserPoolId=made["UserPool"]["Id"], GroupName=group)
    return str(made["UserPool"]["Id"])


@pytest.fixture
def client_id(cognito: Any, pool: str) -> str:  # noqa: ANN401 - the same
    made = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="apps", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    return str(made["UserPoolClient"]["ClientId"])


def test_everybody_signs_in_with_their_own_role(cognito: Any, pool: str, client_id: str) -> None:  # noqa: ANN401 - the same
    people.create(cognito, pool)

    for person in people.EVERYBODY:
        token = people.sign_in(cognito, client_id, person.email)
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["cognito:groups"] == [person.role]
        assert claims["token_use"] == "access"


def test_making_everybody_again_changes_nobody(cognito: Any, pool: str, client_id: str) -> None:  # noqa: ANN401 - the same
    people.create(cognito, pool)
    first = _subject(people.sign_in(cognito, client_id, people.OWNER.email))

    people.create(cognito, pool)

    assert _subject(people.sign_in(cognito, client_id, people.OWNER.email)) == first
    assert len(cognito.list_users(UserPoolId=pool)["Users"]) == len(people.EVERYBODY)


def test_a_wrong_password_signs_nobody_in(cognito: Any, pool: str, client_id: str) -> None:  # noqa: ANN401 - the same
    people.create(cognito, pool)

    with pytest.raises(ClientError, match="NotAuthorized"):
        people.sign_in(cognito, client_id, people.OWNER.email, "guess-the-password")


def test_there_is_somebody_for_every_role() -> None:
    roles = [person.role for person in people.EVERYBODY]

    assert {role: roles.count(role) for role in roles} == {
        "customer": 3,
        "courier": 2,
        "merchant": 1,
        "operator": 1,
    }


def _subject(token: str) -> str:
    return str(jwt.decode(token, options={"verify_signature": False})["sub"])
