"""Tokens of people and machines, signed with keys that the verifier knows."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import boto3
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from chalicelib.core import auth, clock, secrets, sessions
from chalicelib.core.settings import settings

POOL_KID = "pool-1"
STRIPE_SECRET = "whsec_" + "t" * 32


@cache
def pool_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


@cache
def machine_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@cache
def _ssm() -> Any:  # noqa: ANN401 - botocore builds its clients at run time
    return boto3.client("ssm", region_name="us-east-1")


def settle_in(webhook_secrets: Sequence[str] = (STRIPE_SECRET,)) -> None:
    """Put the keys and secrets of the stack where the code looks for them."""
    secrets.forget()
    ssm = _ssm()
    held = {
        "stripe": {"api_key": "sk_test_x", "webhook_secrets": list(webhook_secrets)},
        "signing": {"keys": [{"kid": "own-1", "private_key": machine_key()}]},
    }
    for name, value in held.items():
        path = f"{settings().parameters}/{name}"
        ssm.put_parameter(Name=path, Value=json.dumps(value), Type="SecureString", Overwrite=True)
    publish()


def publish() -> None:
    """Let the verifier know the pool's keys, as if it had fetched them now."""
    keys = {POOL_KID: pool_key().public_key()}
    auth._pool[:] = [auth._Fetched(keys, clock.wall_now())]
    if not sessions._known:
        sessions._known[:] = [sessions._Known({}, clock.wall_now())]


def person(role: str, user: str, **changed: Any) -> str:  # noqa: ANN401 - claims of any kind
    """An access token of the user pool."""
    publish()
    now = int(clock.wall_now())
    claims = {
        "iss": settings().user_pool_issuer,
        "sub": user,
        "client_id": settings().user_pool_client,
        "token_use": "access",
        "cognito:groups": [role],
        "iat": now,
        "exp": now + 900,
        **changed,
    }
    return jwt.encode(claims, pool_key(), algorithm="RS256", headers={"kid": POOL_KID})


def machine(*stores: str) -> str:
    """An access token of our own issuer, for a store's machine."""
    return auth.issue("cli_test", list(stores))
