"""The secrets of a stack: SSM SecureStrings, made and turned over here, never shown.

    python -m infra.secrets create  --stack ieum   asks for Stripe's keys, makes a signing key
    python -m infra.secrets stripe  --stack ieum   asks again; the last webhook secret still counts
    python -m infra.secrets push    --stack ieum   asks where SNS reaches people's phones
    python -m infra.secrets add     --stack ieum   a second signing key, which verifies only
    python -m infra.secrets promote --stack ieum   the second key signs, the first one verifies
    python -m infra.secrets retire  --stack ieum   only the key that signs is left

Functions read a secret anew after five minutes and tokens live for fifteen: wait six minutes
between `add` and `promote`, and twenty-one between `promote` and `retire`.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping
from getpass import getpass
from typing import Any, Protocol

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

PUSH_SERVICES = {
    "fcm": ("GCM", "Firebase (service GCM)"),
    "apns": ("APNS|APNS_SANDBOX", "Apple (service APNS)"),
}
type Key = Mapping[str, str]
type Ask = Callable[[str], str]


class WrongSecretsError(Exception):
    """What was typed, or what is stored, is not what it must be. The message never quotes it."""


class Parameters(Protocol):
    """The part of SSM's client that is used here."""

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> dict[str, Any]: ...  # noqa: N803 - boto3's names

    def put_parameter(  # boto3's names
        self,
        *,
        Name: str,  # noqa: N803
        Value: str,  # noqa: N803
        Type: str,  # noqa: N803
        Overwrite: bool,  # noqa: N803
    ) -> dict[str, Any]: ...


def create(ssm: Parameters, stack: str, ask: Ask) -> list[str]:
    """Store Stripe's keys and a new signing key, and return the names of what was there already.

    Nothing that is there is overwritten, so a creation that broke off is simply repeated.
    """
    stripe = stripe_secret(ask, earlier={})
    secrets = {"stripe": stripe, "signing": {"keys": [new_key(1)]}}
    return [name for name, secret in secrets.items() if not _put_new(ssm, stack, name, secret)]


def change_stripe(ssm: Parameters, stack: str, ask: Ask) -> None:
    """Store Stripe's keys anew. A webhook signed by the secret before is still accepted."""
    _put(ssm, stack, "stripe", stripe_secret(ask, earlier=_get(ssm, stack, "stripe")))


def change_push(ssm: Parameters, stack: str, ask: Ask) -> None:
    """Store where SNS has the platform applications, which CloudFormation cannot make."""
    _put(ssm, stack, "push", push_applications(ask, stack))


def push_applications(ask: Ask, stack: str) -> dict[str, str]:
    """The ARNs of the platform applications by platform; none for what is left empty.

    Raises WrongSecretsError for one that the stack's functions may not use: their roles name
    applications by the name of the stack.
    """
    found = {}
    for platform, (services, whose) in PUSH_SERVICES.items():
        arn = ask(f"ARN of the platform application for {whose} (empty: none): ").strip()
        if arn:
            if not re.fullmatch(rf"arn:[\w-]+:sns:[\w-]+:\d{{12}}:app/({services})/{stack}", arn):
                raise WrongSecretsError(f"An application of {whose} for this stack ends /{stack}")
            found[platform] = arn
    return found


def turn(ssm: Parameters, stack: str, how: Callable[[list[Key]], list[Key]]) -> None:
    """Change the signing keys: `added`, `promoted` or `retired`."""
    keys = _get(ssm, stack, "signing")["keys"]
    _put(ssm, stack, "signing", {"keys": how(keys)})


def stripe_secret(ask: Ask, *, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Stripe's API key and webhook secrets, the new one first.

    Raises WrongSecretsError for what Stripe would never have given out.
    """
    api_key = ask("Stripe's restricted or secret key (rk_... or sk_...): ").strip()
    if not api_key.startswith(("rk_", "sk_")):
        raise WrongSecretsError("Stripe's keys begin with rk_ or sk_")
    webhook = ask("The webhook endpoint's signing secret (whsec_...): ").strip()
    if not webhook.startswith("whsec_"):
        raise WrongSecretsError("Stripe's webhook secrets begin with whsec_")
    before = [secret for secret in earlier.get("webhook_secrets", [])[:1] if secret != webhook]
    return {"api_key": api_key, "webhook_secrets": [webhook, *before]}


def new_key(number: int) -> Key:
    """A fresh P-256 key (ES256), named by its number."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {"kid": f"key-{number}", "private_key": pem.decode()}


def added(keys: list[Key]) -> list[Key]:
    """The keys and one more, behind them. Raises WrongSecretsError while a turn is under way."""
    if len(keys) != 1:
        raise WrongSecretsError("A second key is there already: promote or retire first")
    return [*keys, new_key(1 + int(keys[0]["kid"].removeprefix("key-")))]


def promoted(keys: list[Key]) -> list[Key]:
    """The newest key in front. Raises WrongSecretsError where it is there already."""
    if len(keys) != 2 or _number(keys[1]) < _number(keys[0]):  # noqa: PLR2004 - the old, the new
        raise WrongSecretsError("There is no newer key to promote: add one first")
    return [keys[1], keys[0]]


def retired(keys: list[Key]) -> list[Key]:
    """Only the key that signs. Raises WrongSecretsError while a newer one waits behind it."""
    if len(keys) == 2 and _number(keys[1]) > _number(keys[0]):  # noqa: PLR2004 - the old, the new
        raise WrongSecretsError("The newer key has not been promoted")
    return keys[:1]


def _number(key: Key) -> int:
    return int(key["kid"].removeprefix("key-"))


def _get(ssm: Parameters, stack: str, name: str) -> dict[str, Any]:
    answer = ssm.get_parameter(Name=f"/ieum/{stack}/{name}", WithDecryption=True)
    found: dict[str, Any] = json.loads(answer["Parameter"]["Value"])
    return found


def _put_new(ssm: Parameters, stack: str, name: str, secret: Mapping[str, Any]) -> bool:
    try:
        _put(ssm, stack, name, secret, overwrite=False)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise
        return False
    return True


def _put(
    ssm: Parameters, stack: str, name: str, secret: Mapping[str, Any], *, overwrite: bool = True
) -> None:
    ssm.put_parameter(
        Name=f"/ieum/{stack}/{name}",
        Value=json.dumps(secret),
        Type="SecureString",
        Overwrite=overwrite,
    )


def main(words: list[str], ssm: Parameters, ask: Ask = getpass) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.secrets")
    parser.add_argument("what", choices=["create", "stripe", "push", "add", "promote", "retire"])
    parser.add_argument("--stack", default="ieum")
    said = parser.parse_args(words)
    match said.what:
        case "create":
            for name in create(ssm, said.stack, ask):
                print(f"/ieum/{said.stack}/{name}: was there already and stays")
        case "stripe":
            change_stripe(ssm, said.stack, ask)
        case "push":
            change_push(ssm, said.stack, ask)
        case _:
            turn(ssm, said.stack, {"add": added, "promote": promoted, "retire": retired}[said.what])
    print(f"/ieum/{said.stack}: done")
    return 0


if __name__ == "__main__":
    import boto3

    sys.exit(main(sys.argv[1:], boto3.client("ssm")))
