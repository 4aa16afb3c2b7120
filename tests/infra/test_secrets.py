"""Making and turning over the secrets of a stack."""

import json
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from infra import secrets
from infra.secrets import Key, WrongSecretsError, added, new_key, promoted, retired


class FakeParameters:
    """SSM as far as it matters here: it keeps what is put, and refuses to overwrite unasked."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.types: set[str] = set()

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert WithDecryption
        return {"Parameter": {"Value": self.kept[Name]}}

    def put_parameter(self, *, Name: str, Value: str, Type: str, Overwrite: bool) -> dict[str, Any]:  # noqa: N803 - boto3's names
        if Name in self.kept and not Overwrite:
            raise ClientError({"Error": {"Code": "ParameterAlreadyExists", "Message": ""}}, "Put")
        self.kept[Name] = Value
        self.types.add(Type)
        return {}

    def read(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.kept[name])
        return found


def typed(*answers: str) -> secrets.Ask:
    waiting = iter(answers)
    return lambda _: next(waiting)


@pytest.fixture
def ssm() -> FakeParameters:
    return FakeParameters()


def test_creating_stores_both_secrets_encrypted(ssm: FakeParameters) -> None:
    secrets.create(ssm, "shop", typed("rk_test_1", "whsec_1"))

    assert ssm.read("/ieum/shop/stripe") == {"api_key": "rk_test_1", "webhook_secrets": ["whsec_1"]}
    assert [key["kid"] for key in ssm.read("/ieum/shop/signing")["keys"]] == ["key-1"]
    assert ssm.types == {"SecureString"}


def test_creating_twice_never_overwrites(ssm: FakeParameters) -> None:
    secrets.create(ssm, "shop", typed("rk_test_1", "whsec_1"))

    there = secrets.create(ssm, "shop", typed("rk_test_2", "whsec_2"))

    assert there == ["stripe", "signing"]
    assert ssm.read("/ieum/shop/stripe")["api_key"] == "rk_test_1"


@pytest.mark.parametrize("answers", [("pk_test_1", "whsec_1"), ("rk_test_1", "mine_1")])
def test_what_stripe_never_gave_out_is_refused_and_not_repeated(
    ssm: FakeParameters, answers: tuple[str, str]
) -> None:
    with pytest.raises(WrongSecretsError) as refused:
        secrets.create(ssm, "shop", typed(*answers))

    assert ssm.kept == {}
    assert not [answer for answer in answers if answer in str(refused.value)]


def test_a_creation_that_broke_off_is_simply_repeated(ssm: FakeParameters) -> None:
    secrets.create(ssm, "shop", typed("rk_test_1", "whsec_1"))
    del ssm.kept["/ieum/shop/signing"]

    there = secrets.create(ssm, "shop", typed("rk_test_1", "whsec_1"))

    assert there == ["stripe"]
    assert ssm.read("/ieum/shop/signing")["keys"]


def test_a_webhook_secret_still_counts_after_the_next_one_came(ssm: FakeParameters) -> None:
    secrets.create(ssm, "shop", typed("rk_test_1", "whsec_1"))

    secrets.change_stripe(ssm, "shop", typed("rk_test_1", "whsec_2"))
    secrets.change_stripe(ssm, "shop", typed("rk_test_1", "whsec_3"))

    assert ssm.read("/ieum/shop/stripe")["webhook_secrets"] == ["whsec_3", "whsec_2"]


def test_a_new_key_signs_es256() -> None:
    private = load_pem_private_key(new_key(1)["private_key"].encode(), None)

    token = jwt.encode({"sub": "x"}, private, algorithm="ES256")  # type: ignore[arg-type] # it is an EC key

    assert jwt.decode(token, private.public_key(), algorithms=["ES256"]) == {"sub": "x"}  # type: ignore[arg-type] # the same


def test_at_no_step_of_a_turn_is_a_token_refused(ssm: FakeParameters) -> None:
    secrets.create(ssm, "shop", typed("rk_test_1", "whsec_1"))
    names = []

    for step in ("add", "promote", "retire"):
        secrets.main([step, "--stack", "shop"], ssm)
        names.append([key["kid"] for key in ssm.read("/ieum/shop/signing")["keys"]])

    assert names == [["key-1", "key-2"], ["key-2", "key-1"], ["key-2"]]


def named(*numbers: int) -> list[Key]:
    return [{"kid": f"key-{number}", "private_key": "-"} for number in numbers]


def test_steps_out_of_turn_are_refused() -> None:
    with pytest.raises(WrongSecretsError):
        added(named(1, 2))
    with pytest.raises(WrongSecretsError):
        promoted(named(2, 1))
    with pytest.raises(WrongSecretsError):
        promoted(named(1))
    with pytest.raises(WrongSecretsError):
        retired(named(1, 2))


def test_retiring_again_changes_nothing() -> None:
    assert retired(named(2)) == named(2)


APPLICATION = "arn:aws:sns:us-east-1:123456789012:app"


def test_where_phones_are_reached_is_stored_by_platform(ssm: FakeParameters) -> None:
    typed_in = typed(f"{APPLICATION}/GCM/shop", f" {APPLICATION}/APNS_SANDBOX/shop ")

    secrets.main(["push", "--stack", "shop"], ssm, typed_in)

    assert ssm.read("/ieum/shop/push") == {
        "fcm": f"{APPLICATION}/GCM/shop",
        "apns": f"{APPLICATION}/APNS_SANDBOX/shop",
    }
    assert ssm.types == {"SecureString"}


def test_a_platform_may_be_left_out(ssm: FakeParameters) -> None:
    secrets.change_push(ssm, "shop", typed("", f"{APPLICATION}/APNS/shop"))

    assert ssm.read("/ieum/shop/push") == {"apns": f"{APPLICATION}/APNS/shop"}


@pytest.mark.parametrize("wrong", ["APNS/shop", "GCM/other", "GCM/shop/more"])
def test_an_application_that_the_roles_do_not_name_is_refused(
    ssm: FakeParameters, wrong: str
) -> None:
    with pytest.raises(WrongSecretsError):
        secrets.change_push(ssm, "shop", typed(f"{APPLICATION}/{wrong}", ""))

    assert ssm.kept == {}
