import hashlib
import hmac
import json
from collections.abc import Callable, Iterator

import boto3
import jwt
import pytest

from chalicelib.core import auth, secrets
from chalicelib.core.egress import Egress, Reply
from chalicelib.core.errors import UnauthenticatedError, UnavailableError
from chalicelib.core.rights import NOBODY, Caller, Role
from tests.clocks import StandingClock
from tests.core import tokens

pytestmark = pytest.mark.usefixtures("pool", "signing")

type Token = Callable[[], str]


class Pool:
    """The user pool's key endpoint. Counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.status = 200
        self.body = json.dumps(tokens.key_set()).encode()
        self.error: Exception | None = None

    def request(self, method: str, url: str) -> Reply:
        self.asked.append((method, url))
        if self.error:
            raise self.error
        return Reply(status=self.status, headers={}, body=self.body, seconds=0.0)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, clock_at: StandingClock) -> Iterator[Pool]:
    assert clock_at.seconds
    found = Pool()
    monkeypatch.setattr(auth, "Egress", lambda **_: found)
    yield found
    auth.forget()


@pytest.fixture
def signing() -> Callable[..., None]:
    def store(*kids: str) -> None:
        boto3.client("ssm", region_name="us-east-1").put_parameter(
            Name="/ieum/test/signing",
            Value=tokens.signing(*kids),
            Type="SecureString",
            Overwrite=True,
        )

    store()
    return store


# --- good tokens -------------------------------------------------------------------------------


def test_without_a_header_the_caller_is_nobody() -> None:
    assert auth.caller_of(None) is NOBODY


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_person_is_who_the_pool_says(scheme: str) -> None:
    caller = auth.caller_of(f"{scheme} {tokens.person()}")

    assert caller == Caller("usr-1", frozenset({Role.CUSTOMER}))


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (["courier", "merchant"], {Role.COURIER, Role.MERCHANT}),
        (["operator"], {Role.OPERATOR}),
        (["store", "anyone", "unheard-of"], {Role.CUSTOMER}),
        ([], {Role.CUSTOMER}),
        (None, {Role.CUSTOMER}),
    ],
)
def test_groups_are_roles_and_no_group_makes_a_store(
    groups: list[str] | None, roles: set[Role]
) -> None:
    assert auth.verify(tokens.person({}, **{"cognito:groups": groups})).roles == roles


def test_a_machine_is_the_client_of_its_stores() -> None:
    caller = auth.verify(tokens.machine(stores=["sto_1", "sto_2"]))

    assert caller == Caller("cli_1", frozenset({Role.STORE}), frozenset({"sto_1", "sto_2"}))


def test_the_tokens_that_we_issue_are_good_for_fifteen_minutes(clock_at: StandingClock) -> None:
    token = auth.issue("cli_1", ["sto_2", "sto_1"])

    assert auth.verify(token).stores == {"sto_1", "sto_2"}
    clock_at.move(auth.TOKEN_SECONDS + auth.LEEWAY)
    with pytest.raises(UnauthenticatedError):
        auth.verify(token)


def test_a_clock_that_is_half_a_minute_off_is_forgiven(clock_at: StandingClock) -> None:
    now = int(clock_at.seconds)

    assert auth.verify(tokens.person(exp=now - 29))
    assert auth.verify(tokens.person(iat=now + 30, nbf=now + 30))


# --- bad tokens --------------------------------------------------------------------------------


def _unsigned() -> str:
    header = {"alg": "none", "kid": tokens.POOL_KID}
    return f"{tokens.segment(header)}.{tokens.segment(tokens.person_claims())}."


def _hashed_with_the_public_key() -> str:
    header = {"alg": "HS256", "typ": "JWT", "kid": tokens.POOL_KID}
    signed = f"{tokens.segment(header)}.{tokens.segment(tokens.person_claims())}"
    digest = hmac.new(tokens.pool_pem(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{jwt.utils.base64url_encode(digest).decode()}"


def _altered() -> str:
    header, _, signature = tokens.person().split(".")
    claims = tokens.person_claims(**{"cognito:groups": ["operator"]})
    return f"{header}.{tokens.segment(claims)}.{signature}"


def _nested() -> str:
    payload = jwt.utils.base64url_encode(b"[" * 5000).decode()
    return f"{tokens.segment({'alg': 'RS256'})}.{payload}.x"


REFUSED: dict[str, Token] = {
    # the thirteen of RFC 8725 and the library's own tests
    "no algorithm": _unsigned,
    "hashed with the public key": _hashed_with_the_public_key,
    "no expiry": lambda: tokens.person(exp=None),
    "no audience": lambda: tokens.machine(aud=None),
    "no issuer": lambda: tokens.person(iss=None),
    "no subject": lambda: tokens.person(sub=None),
    "no moment of issue": lambda: tokens.person(iat=None),
    "another audience": lambda: tokens.machine(aud="others"),
    "another issuer": lambda: tokens.person(iss="https://evil.test"),
    "expired": lambda: tokens.person(exp=1),
    "not yet good": lambda: tokens.person(nbf=4_000_000_000),
    "issued in the future": lambda: tokens.person(iat=4_000_000_000),
    "an unknown critical header": lambda: tokens.person({"crit": ["x"], "x": 1}),
    "a critical header that the library knows": lambda: tokens.person(
        {"crit": ["b64"], "b64": True}
    ),
    # keys from elsewhere
    "no key id": lambda: jwt.encode(tokens.person_claims(), tokens.pool_key(), "RS256"),
    "a key id that is a path": lambda: tokens.person({"kid": "../../dev/null"}),
    "a key id that is a statement": lambda: tokens.person({"kid": "' OR 1=1 --"}),
    "another issuer's key id": lambda: tokens.person({"kid": tokens.OWN_KID}),
    "a key of its own, by URL, unknown": lambda: tokens.person(
        {"jku": "https://evil.test/keys", "kid": "evil"}
    ),
    "a certificate of its own, by URL": lambda: tokens.person(
        {"x5u": "https://evil.test/cert", "kid": "evil"}
    ),
    "a key of its own, inside": lambda: jwt.encode(
        tokens.person_claims(),
        tokens.own_key("evil"),
        "ES256",
        headers={
            "kid": tokens.POOL_KID,
            "jwk": jwt.algorithms.ECAlgorithm.to_jwk(
                tokens.own_key("evil").public_key(), as_dict=True
            ),
        },
    ),
    "signed by another key": lambda: jwt.encode(
        tokens.machine_claims(), tokens.own_key("evil"), "ES256", headers={"kid": tokens.OWN_KID}
    ),
    # the wrong token of the right issuer
    "an id token": lambda: tokens.person(token_use="id", aud="test-client", client_id=None),
    "an id token that names its client": lambda: tokens.person(token_use="id"),
    "an access token of another client": lambda: tokens.person(client_id="others"),
    "a machine's claims from the pool": lambda: jwt.encode(
        tokens.machine_claims(iss=tokens.person_claims()["iss"]),
        tokens.pool_key(),
        "RS256",
        headers={"kid": tokens.POOL_KID},
    ),
    "a person's claims from our issuer": lambda: jwt.encode(
        tokens.person_claims(iss=tokens.machine_claims()["iss"]),
        tokens.own_key(tokens.OWN_KID),
        "ES256",
        headers={"kid": tokens.OWN_KID},
    ),
    "a machine's token of another use": lambda: tokens.machine(token_use="refresh"),
    "a machine's token without stores": lambda: tokens.machine(stores=None),
    # claims that are not what they should be
    "expiry as text": lambda: tokens.person(exp="4000000000"),
    "expiry as truth": lambda: tokens.person(exp=True),
    "expiry at infinity": lambda: tokens.person(exp=float("inf")),
    "a start that is no number": lambda: tokens.person(nbf=float("nan")),
    "groups that are no list": lambda: tokens.person({}, **{"cognito:groups": [["operator"]]}),
    # no token at all
    "altered": _altered,
    "nothing": lambda: "",
    "two parts": lambda: "a.b",
    "no base 64": lambda: "!!.!!.!!",
    "too long": lambda: "a" * (auth.LONGEST_TOKEN + 1),
    "too deep": _nested,
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED.keys())
def test_a_token_that_is_not_good_is_refused(token: Token) -> None:
    with pytest.raises(UnauthenticatedError):
        auth.verify(token())


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dTpw", "token"])
def test_a_header_that_bears_no_token_is_refused(header: str) -> None:
    with pytest.raises(UnauthenticatedError):
        auth.caller_of(header)


def test_no_address_inside_a_token_is_ever_called(pool: Pool) -> None:
    for header in ({"jku": "https://evil.test"}, {"x5u": "https://evil.test"}):
        auth.verify(tokens.person(header))

    assert {url for _, url in pool.asked} == {"https://keys.test/jwks.json"}


# --- keys --------------------------------------------------------------------------------------


def test_the_pools_keys_are_fetched_once(pool: Pool) -> None:
    for _ in range(3):
        auth.verify(tokens.person())

    assert pool.asked == [("GET", "https://keys.test/jwks.json")]


def test_an_unknown_key_is_asked_for_once_a_minute(pool: Pool, clock_at: StandingClock) -> None:
    auth.verify(tokens.person())
    for _ in range(3):
        with pytest.raises(UnauthenticatedError):
            auth.verify(tokens.person({"kid": "pool-2"}))
    assert len(pool.asked) == 1
    pool.body = json.dumps(tokens.key_set("pool-2")).encode()
    clock_at.move(auth.REFETCH_SECONDS + 1)

    assert auth.verify(tokens.person({"kid": "pool-2"}))
    assert len(pool.asked) == 2


def test_a_key_that_the_pool_withdrew_is_forgotten_within_an_hour(
    pool: Pool, clock_at: StandingClock
) -> None:
    auth.verify(tokens.person())
    pool.body = json.dumps(tokens.key_set("pool-2")).encode()
    clock_at.move(auth.KEEP_SECONDS + 1)

    with pytest.raises(UnauthenticatedError):
        auth.verify(tokens.person())


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys": [{"kty": "RSA"}]}', b"\xff"])
def test_keys_that_cannot_be_read_are_an_outage_not_a_bad_token(pool: Pool, body: bytes) -> None:
    pool.body = body

    with pytest.raises(UnavailableError):
        auth.verify(tokens.person())


def test_a_pool_that_does_not_answer_is_an_outage(pool: Pool) -> None:
    pool.status = 500

    with pytest.raises(UnavailableError):
        auth.verify(tokens.person())


def test_a_pool_that_may_not_be_called_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "Egress", Egress)

    with pytest.raises(UnavailableError):
        auth.verify(tokens.person())


def test_our_first_key_signs_and_every_key_verifies(signing: Callable[..., None]) -> None:
    old = auth.issue("cli_1", ["sto_1"])
    signing("own-2", tokens.OWN_KID)
    secrets.forget()

    new = auth.issue("cli_1", ["sto_1"])

    assert jwt.get_unverified_header(new)["kid"] == "own-2"
    assert auth.verify(old) == auth.verify(new)
    assert [key["kid"] for key in auth.published_keys()] == ["own-2", tokens.OWN_KID]


def test_published_keys_hold_nothing_private() -> None:
    for key in auth.published_keys():
        assert key.keys() == {"kty", "crv", "x", "y", "kid", "alg", "use"}


def test_published_keys_verify_what_we_issue() -> None:
    [published] = auth.published_keys()

    claims = jwt.decode(
        auth.issue("cli_1", ["sto_1"]),
        jwt.PyJWK(published).key,
        algorithms=["ES256"],
        audience="ieum-api",
        options={"verify_exp": False, "verify_iat": False},
    )

    assert claims["sub"] == "cli_1"
