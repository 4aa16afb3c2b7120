"""Who is calling: one verifier for two issuers, the user pool (people) and ours (machines).

After RFC 8725: the algorithm is fixed per issuer, the key comes from a fixed map by `kid` (never
from the token's own `jwk`, `jku` or `x5u`), and every claim that we rely on is required. Times are
checked against the wall clock here, since the library knows no other clock than its own.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from chalicelib.core import clock, secrets
from chalicelib.core.egress import Egress, Refused, Unreachable
from chalicelib.core.errors import UnauthenticatedError, UnavailableError
from chalicelib.core.rights import NOBODY, Caller, Role
from chalicelib.core.settings import settings

LEEWAY = 30
TOKEN_SECONDS = 900
LONGEST_TOKEN = 8_192
REFETCH_SECONDS = 60
AUDIENCE = "ieum-api"
GROUPS = {role.value: role for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT, Role.OPERATOR)}
NO_TIMES = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}

type Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Somebody whose tokens we accept: the one algorithm, the keys, and what the claims say."""

    name: str
    algorithm: str
    key: Callable[[str], Any]
    caller: Callable[[Claims], Caller]


def caller_of(authorization: str | None) -> Caller:
    """The caller behind an Authorization header; NOBODY without one.

    Raises UnauthenticatedError (401) for anything that is not a valid bearer token of an issuer.
    """
    if authorization is None:
        return NOBODY
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError
    return verify(token.strip())


def verify(token: str) -> Caller:
    """The caller whom a token names. Raises UnauthenticatedError (401) for a token that is not good."""
    if len(token) > LONGEST_TOKEN:
        raise UnauthenticatedError
    try:
        header = jwt.get_unverified_header(token)
        claimed = jwt.decode(token, options={"verify_signature": False, **NO_TIMES})
        issuer = _issuers()[str(claimed.get("iss"))]
        if header.get("alg") != issuer.algorithm or "crit" in header:
            raise UnauthenticatedError
        claims = jwt.decode(
            token,
            issuer.key(str(header.get("kid"))),
            algorithms=[issuer.algorithm],
            issuer=issuer.name,
            options={"require": ["exp", "iat", "iss", "sub"], **NO_TIMES},
        )
        _demand_now(claims)
        return issuer.caller(claims)
    except (PyJWTError, KeyError, TypeError, ValueError) as error:
        raise UnauthenticatedError from error


def _demand_now(claims: Claims) -> None:
    now = clock.wall_now()
    for name in ("exp", "iat"):
        if isinstance(claims[name], bool) or not isinstance(claims[name], int | float):
            raise UnauthenticatedError
    if claims["exp"] <= now - LEEWAY or claims["iat"] > now + LEEWAY:
        raise UnauthenticatedError
    if float(claims.get("nbf", 0)) > now + LEEWAY:
        raise UnauthenticatedError


@cache
def _issuers() -> Mapping[str, Issuer]:
    conf = settings()
    people = Issuer(conf.user_pool_issuer, "RS256", _pool_key, _person)
    machines = Issuer(conf.issuer, "ES256", _own_key, _machine)
    return {issuer.name: issuer for issuer in (people, machines) if issuer.name}


def _person(claims: Claims) -> Caller:
    """Cognito's access tokens carry client_id and no aud; its id tokens are not for APIs."""
    if claims["token_use"] != "access" or claims["client_id"] != settings().user_pool_client:
        raise UnauthenticatedError
    roles = frozenset(
        GROUPS[group] for group in claims.get("cognito:groups", []) if group in GROUPS
    )
    return Caller(id=str(claims["sub"]), roles=roles or frozenset({Role.CUSTOMER}))


def _machine(claims: Claims) -> Caller:
    if claims["aud"] != AUDIENCE or claims["token_use"] != "client":
        raise UnauthenticatedError
    stores = frozenset(str(store) for store in claims["stores"])
    return Caller(id=str(claims["sub"]), roles=frozenset({Role.STORE}), stores=stores)


# --- keys of the user pool -------------------------------------------------------------------


@dataclass(slots=True)
class _Fetched:
    keys: Mapping[str, Any]
    at: float


_pool: list[_Fetched] = []


def _pool_key(kid: str) -> Any:  # noqa: ANN401 - whichever key class the library makes of it
    known = _pool[-1] if _pool else None
    if known is None or (kid not in known.keys and clock.wall_now() - known.at > REFETCH_SECONDS):
        known = _Fetched(_fetch_keys(), clock.wall_now())
        _pool[:] = [known]
    return known.keys[kid]


def _fetch_keys() -> Mapping[str, Any]:
    conf = settings()
    try:
        reply = Egress(allow=conf.egress_allow).request("GET", conf.user_pool_keys)
    except (Refused, Unreachable) as error:
        raise UnavailableError from error
    if reply.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise UnavailableError
    found = json.loads(reply.body)["keys"]
    return {key["kid"]: jwt.PyJWK(key, "RS256").key for key in found if key.get("kty") == "RSA"}


# --- our own issuer --------------------------------------------------------------------------


@cache
def _private_keys(stored: str) -> Mapping[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    pairs = json.loads(stored)
    return {pair["kid"]: load_pem_private_key(pair["private_key"].encode(), None) for pair in pairs}


def _own_keys() -> Mapping[str, Any]:
    return _private_keys(json.dumps(secrets.read("signing")["keys"]))


def _own_key(kid: str) -> Any:  # noqa: ANN401 - whichever key class the library makes of it
    return _own_keys()[kid].public_key()


def issue(client: str, stores: list[str]) -> str:
    """A signed access token for a store's machine, good for 15 minutes, by the first key."""
    kid, key = next(iter(_own_keys().items()))
    now = int(clock.wall_now())
    claims = {
        "iss": settings().issuer,
        "aud": AUDIENCE,
        "sub": client,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "token_use": "client",
        "stores": sorted(stores),
    }
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": kid})


def published_keys() -> list[dict[str, Any]]:
    """Our public keys (RFC 7517): the one that signs, and those that still verify."""
    algorithm = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)
    return [
        {
            **algorithm.to_jwk(key.public_key(), as_dict=True),
            "kid": kid,
            "alg": "ES256",
            "use": "sig",
        }
        for kid, key in _own_keys().items()
    ]


def forget() -> None:
    """Drop cached issuers and keys, for tests that change the world under them."""
    _issuers.cache_clear()
    _pool.clear()
