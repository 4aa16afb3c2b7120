"""Who is calling: one verifier for two issuers, the user pool (people) and ours (machines, guests).

After RFC 8725: the algorithm is fixed per issuer, the key comes from a fixed map by `kid` (never
from the token's own `jwk`, `jku` or `x5u`), and every claim that we rely on is required. Times are
checked against the wall clock here, since the library knows no other clock than its own.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from jwt import PyJWK
from jwt.exceptions import PyJWTError
from jwt.types import Options

from chalicelib.core import clock, secrets, sessions
from chalicelib.core.egress import Egress, Refused, Unreachable
from chalicelib.core.errors import UnauthenticatedError, UnavailableError
from chalicelib.core.rights import GUEST_MAY, NOBODY, TABLET_MAY, Caller, Role
from chalicelib.core.settings import settings

LEEWAY = 30
TOKEN_SECONDS = sessions.TOKEN_SECONDS
LONGEST_TOKEN = 8_192
REFETCH_SECONDS = 60
KEEP_SECONDS = 3_600
AUDIENCE = "ieum-api"
GROUPS = {role.value: role for role in (Role.CUSTOMER, Role.COURIER, Role.MERCHANT, Role.OPERATOR)}
RSA = "RS256"
EC = "ES256"
ACCESS = "access"
CLIENT = "client"
TABLET = "tablet"
GUEST = "guest"
UNVERIFIED: Options = {
    "verify_signature": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
}
VERIFIED: Options = {
    **UNVERIFIED,
    "verify_signature": True,
    "require": ["exp", "iat", "iss", "sub"],
}

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
    """The caller whom a token names. Raises UnauthenticatedError (401) for one that is not good."""
    if len(token) > LONGEST_TOKEN:
        raise UnauthenticatedError
    try:
        header = jwt.get_unverified_header(token)
        claimed = jwt.decode(token, options=UNVERIFIED)
        issuer = _issuers()[str(claimed.get("iss"))]
        claims = jwt.decode(
            token,
            issuer.key(str(header.get("kid"))),
            algorithms=[issuer.algorithm],
            issuer=issuer.name,
            options=VERIFIED,
        )
        _demand_now(claims)
        return issuer.caller(claims)
    except (PyJWTError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UnauthenticatedError from error


def _demand_now(claims: Claims) -> None:
    now = clock.wall_now()
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    for moment in times.values():
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            raise UnauthenticatedError
        if not math.isfinite(moment):
            raise UnauthenticatedError
    if times["exp"] <= now - LEEWAY or times["iat"] > now + LEEWAY:
        raise UnauthenticatedError
    if times.get("nbf", 0) > now + LEEWAY:
        raise UnauthenticatedError


@cache
def _issuers() -> Mapping[str, Issuer]:
    conf = settings()
    people = Issuer(conf.user_pool_issuer, RSA, _pool_key, _person)
    ours = Issuer(conf.issuer, EC, _own_key, _own)
    return {issuer.name: issuer for issuer in (people, ours) if issuer.name}


def _person(claims: Claims) -> Caller:
    """Cognito's access tokens carry client_id and no aud; its id tokens are not for APIs."""
    if claims["token_use"] != ACCESS or claims["client_id"] != settings().user_pool_client:
        raise UnauthenticatedError
    roles = frozenset(
        GROUPS[group] for group in claims.get("cognito:groups", []) if group in GROUPS
    )
    sessions.demand(str(claims["sub"]), claims["iat"])
    return Caller(id=str(claims["sub"]), roles=roles or frozenset({Role.CUSTOMER}))


def _own(claims: Claims) -> Caller:
    """Whom our own issuer speaks of: a store's machine or tablet, or a guest."""
    kinds = {CLIENT: _machine, GUEST: _guest}
    if claims["aud"] != AUDIENCE:
        raise UnauthenticatedError
    return kinds[claims["token_use"]](claims)


def _guest(claims: Claims) -> Caller:
    sessions.demand(str(claims["sub"]), claims["iat"])
    return Caller(id=str(claims["sub"]), roles=frozenset({Role.CUSTOMER}), only=GUEST_MAY)


def _machine(claims: Claims) -> Caller:
    stores = frozenset(str(store) for store in claims["stores"])
    only = TABLET_MAY if claims.get("device") == TABLET else None
    return Caller(id=str(claims["sub"]), roles=frozenset({Role.STORE}), stores=stores, only=only)


# --- keys of the user pool -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fetched:
    keys: Mapping[str, Any]
    at: float


_pool: list[_Fetched] = []


def _pool_key(kid: str) -> Any:  # noqa: ANN401 - whichever key class the library makes of it
    """A key of the pool. An unknown one is asked for once a minute, known ones hourly."""
    now = clock.wall_now()
    known = _pool[-1] if _pool else None
    patience = KEEP_SECONDS if known and kid in known.keys else REFETCH_SECONDS
    if known is None or now - known.at > patience:
        known = _Fetched(_fetch_keys(), now)
        _pool[:] = [known]
    return known.keys[kid]


def _fetch_keys() -> Mapping[str, Any]:
    conf = settings()
    try:
        reply = Egress(allow=conf.egress_allow).request("GET", conf.user_pool_keys)
        if reply.status != 200:  # noqa: PLR2004 - HTTP's own number
            raise UnavailableError
        found = json.loads(reply.body)["keys"]
        return {key["kid"]: PyJWK(key, RSA).key for key in found if key.get("kty") == "RSA"}
    except (Refused, Unreachable, PyJWTError, KeyError, TypeError, ValueError) as error:
        raise UnavailableError from error


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


def issue(client: str, stores: list[str], *, tablet: bool = False) -> str:
    """A signed access token for a store's machine, good for 15 minutes, by the first key.

    A tablet's may do what somebody at the till may.
    """
    device = {"device": TABLET} if tablet else {}
    return _signed(client, token_use=CLIENT, stores=sorted(stores), **device)


def issue_to_guest(guest_id: str) -> str:
    """A signed access token for a guest, good for 15 minutes: see GUEST_MAY."""
    return _signed(guest_id, token_use=GUEST)


def _signed(subject: str, **more: object) -> str:
    kid, key = next(iter(_own_keys().items()))
    now = int(clock.wall_now())
    claims = {
        "iss": settings().issuer,
        "aud": AUDIENCE,
        "sub": subject,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        **more,
    }
    return jwt.encode(claims, key, algorithm=EC, headers={"kid": kid})


def published_keys() -> list[dict[str, Any]]:
    """Our public keys (RFC 7517): the one that signs, and those that still verify."""
    algorithm = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)
    return [
        {
            **algorithm.to_jwk(key.public_key(), as_dict=True),
            "kid": kid,
            "alg": EC,
            "use": "sig",
        }
        for kid, key in _own_keys().items()
    ]


def forget() -> None:
    """Drop cached issuers and keys, for tests that change the world under them."""
    _issuers.cache_clear()
    sessions.forget()
    _pool.clear()
