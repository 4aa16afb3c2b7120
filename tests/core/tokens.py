"""Two issuers under a test's hand, whose tokens say whatever the test wants them to."""

import base64
import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from chalicelib.core import clock
from chalicelib.core.settings import settings

POOL_KID = "pool-1"
OWN_KID = "own-1"


@cache
def pool_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def own_key(kid: str) -> ec.EllipticCurvePrivateKey:
    """One key for each key id, made when it is asked for first."""
    assert kid
    return ec.generate_private_key(ec.SECP256R1())


def pool_pem() -> bytes:
    return pool_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key_set(*kids: str) -> dict[str, Any]:
    """What the pool publishes."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(pool_key().public_key(), as_dict=True)
    elliptic = {"kty": "EC", "kid": "not-for-us"}
    return {"keys": [*({**public, "kid": kid} for kid in kids or (POOL_KID,)), elliptic]}


def signing(*kids: str) -> str:
    """The secret that holds our own keys."""
    pairs = [
        {
            "kid": kid,
            "private_key": own_key(kid)
            .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            .decode(),
        }
        for kid in kids or (OWN_KID,)
    ]
    return json.dumps({"keys": pairs})


def person_claims(**changes: object) -> dict[str, Any]:
    """Those of a good access token of the pool; a change to None takes a claim away."""
    now = int(clock.wall_now())
    claims = {
        "iss": settings().user_pool_issuer,
        "sub": "usr-1",
        "iat": now,
        "exp": now + 900,
        "token_use": "access",
        "client_id": settings().user_pool_client,
        "cognito:groups": ["customer"],
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def machine_claims(**changes: object) -> dict[str, Any]:
    """Those of a good token of a store's machine."""
    now = int(clock.wall_now())
    claims = {
        "iss": settings().issuer,
        "aud": "ieum-api",
        "sub": "cli_1",
        "iat": now,
        "exp": now + 900,
        "token_use": "client",
        "stores": ["sto_1"],
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def person(headers: Mapping[str, Any] = MappingProxyType({}), **changes: object) -> str:
    return jwt.encode(
        person_claims(**changes), pool_key(), "RS256", headers={"kid": POOL_KID, **headers}
    )


def machine(headers: Mapping[str, Any] = MappingProxyType({}), **changes: object) -> str:
    return jwt.encode(
        machine_claims(**changes), own_key(OWN_KID), "ES256", headers={"kid": OWN_KID, **headers}
    )


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
