"""Tokens that are none of ours, or no longer: 401 on every route, whoever may use it."""

import base64
import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app import app
from chalicelib.core import clock
from chalicelib.core.routing import Route
from chalicelib.core.settings import settings
from tests import people
from tests.authorisation.town import Town
from tests.bad_input.sending import entitled, faults, good_body, send
from tests.counting import Count

NONE: Mapping[str, object] = MappingProxyType({})
SIGNED_IN = [route for route in app.specs if not route.raw]
STRANGERS_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def _claims(**changed: object) -> dict[str, object]:
    now = int(clock.wall_now())
    claims: dict[str, object] = {
        "iss": settings().user_pool_issuer,
        "sub": "usr-customer",
        "client_id": settings().user_pool_client,
        "token_use": "access",
        "cognito:groups": ["customer", "courier", "merchant", "operator"],
        "iat": now,
        "exp": now + 900,
        **{"cognito:groups" if name == "groups" else name: changed[name] for name in changed},
    }
    return {name: value for name, value in claims.items() if value is not None}


def _signed(headers: Mapping[str, object] = NONE, **changed: object) -> str:
    given = {"kid": people.POOL_KID, **headers}
    return jwt.encode(_claims(**changed), people.pool_key(), "RS256", headers=given)


def _segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _unsigned(algorithm: str) -> str:
    header = {"alg": algorithm, "typ": "JWT", "kid": people.POOL_KID}
    return f"{_segment(header)}.{_segment(_claims())}."


def _by_public_key() -> str:
    """HMAC with the public key for a secret: what a library that trusts the header accepts."""
    pem = people.pool_key().public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    header = {"alg": "HS256", "typ": "JWT", "kid": people.POOL_KID}
    signed = f"{_segment(header)}.{_segment(_claims())}"
    code = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        signed.encode(), pem
    )
    return f"{signed}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}"


def _bad(good: str) -> Iterator[tuple[str, str]]:
    now = int(clock.wall_now())
    header, claims, signature = good.split(".")
    tokens = {
        "expired": _signed(iat=now - 1000, exp=now - 100),
        "of the future": _signed(iat=now + 600, exp=now + 900),
        "not yet valid": _signed(nbf=now + 600),
        "alg none": _unsigned("none"),
        "alg None": _unsigned("nOnE"),
        "by the public key": _by_public_key(),
        "of another pool": _signed(iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_o"),
        "by a stranger's key": jwt.encode(
            _claims(), STRANGERS_KEY, "RS256", headers={"kid": people.POOL_KID}
        ),
        "an id token": _signed(token_use="id", aud=settings().user_pool_client, client_id=None),
        "an id token with a client": _signed(token_use="id"),
        "a refresh token": _signed(token_use="refresh"),
        "of another client": _signed(client_id="another"),
        "of our machines' issuer": _signed(iss=settings().issuer),
        "without an end": _signed(exp=None),
        "without a subject": _signed(sub=None),
        "without an issuer": _signed(iss=None),
        "without a client": _signed(client_id=None),
        "with a critical header": _signed({"crit": ["b64"], "b64": False}),
        "with an unknown key": _signed({"kid": "../../dev/null"}),
        "with a key of its own": _signed({"kid": "x", "jwk": {"kty": "oct", "k": "AA"}}),
        "unsigned": f"{header}.{claims}.",
        "with another signature": f"{header}.{claims}.{signature[::-1]}",
        "for somebody else": f"{header}.{_segment(_claims(sub='usr-owner'))}.{signature}",
        "with groups that are none": _signed(groups=7),
        "long": "a" * 8_193,
        "no token": "x",
        "dots": "..",
        "of another script": "토큰.토큰.토큰",
    }
    yield from ((name, f"Bearer {token}") for name, token in tokens.items())
    yield from (("no scheme", good), ("Basic", f"Basic {good}"), ("no bearer", "Bearer "))
    yield from (("two", f"Bearer {good} {good}"), ("a comma", f"Bearer {good},Bearer {good}"))


@pytest.mark.parametrize("route", SIGNED_IN, ids=lambda route: f"{route.method} {route.path}")
def test_a_token_that_is_not_good_is_refused_everywhere(
    route: Route, town: Town, cases: Count
) -> None:
    found = []
    people.publish()
    for name, authorization in _bad(str(town.token(entitled(route)))):
        answer = send(route, town, body=good_body(route, town), authorization=authorization)
        cases.one()
        found += faults(route, name, answer, town, "unauthenticated")
        if answer.headers.get("WWW-Authenticate") != "Bearer":
            found.append(f"{name}: no challenge")

    assert found == []


@pytest.mark.parametrize("exp", [10**30, 1e308, "1e999", float("inf"), True, None, [], {}])
def test_an_end_that_is_no_time_never_breaks_anything(exp: object, town: Town) -> None:
    route = next(route for route in SIGNED_IN if route.name == "list_orders")
    token = f"Bearer {_signed(exp=exp)}"

    assert send(route, town, authorization=token).status in {200, 401}
