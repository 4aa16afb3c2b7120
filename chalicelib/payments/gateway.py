"""Stripe, whose library this module alone calls: intents in, four kinds of failure out.

Every POST carries a deterministic key `{env}:{subject}:{leg}:{op}:{attempt}`, so that repeating it
is harmless for the 24 hours that Stripe remembers. https://docs.stripe.com/api/idempotent_requests
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.core import secrets
from chalicelib.core.settings import settings
from chalicelib.payments import guarding

if TYPE_CHECKING:
    from stripe import HTTPClient, PaymentIntent, StripeClient

TIMEOUT = (2.0, 6.0)
RETRIES = 1
IN_USE = 409
KEYS_REMEMBERED_SECONDS = 23 * 3600
CLOCKS_APART_SECONDS = 600


class GatewayError(Exception):
    """Stripe did not do it. Which kind says what may be done now."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DeclinedError(GatewayError):
    """A definitive no to this card or wallet: another attempt needs another key."""


class RefusedError(GatewayError):
    """The request is impossible in the object's present state: look at the object."""


class UnknownOutcomeError(GatewayError):
    """No answer, or a 5xx: it may have happened. Ask, or repeat with the same key."""


class ThrottledError(GatewayError):
    """Nothing happened. Repeat later with the same key."""


class MisfitError(GatewayError):
    """Stripe's object is not what we asked for. Nobody but a person may act on it."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A PaymentIntent, as far as we rely on it. Amounts in minor units."""

    id: str
    status: str
    amount: int
    currency: str
    received: int
    client_secret: str
    leg: str
    subject_kind: str
    subject_id: str
    env: str
    capture_before: int | None
    decline_code: str | None
    instrument: str | None
    failed_card: str | None = None


_http: list[Callable[[], "HTTPClient | None"]] = [lambda: None]


@contextmanager
def speaking_through(http: "HTTPClient") -> Iterator[None]:
    """Reach Stripe through another HTTP client: the seam of tests and the simulated world."""
    _http.append(lambda: http)
    _forget()
    try:
        yield
    finally:
        _http.pop()
        _forget()


def _forget() -> None:
    _client.cache_clear()
    guarding.forget()


@cache
def _client(api_key: str) -> "StripeClient":
    import stripe

    http = _http[-1]() or stripe.RequestsClient(timeout=TIMEOUT)
    url = settings().stripe_url
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": url} if url else {},
        http_client=guarding.guard(http),
        max_network_retries=RETRIES,
    )


def services() -> Any:  # noqa: ANN401 - Stripe's services are typed by the methods that we call
    """Stripe's services, by their names."""
    return _client(secrets.read("stripe")["api_key"]).v1


def _intents() -> Any:  # noqa: ANN401 - as above
    return services().payment_intents


def key(subject: str, leg: str, operation: str, attempt: int) -> str:
    return f"{settings().tables}:{subject}:{leg}:{operation}:{attempt}"


@contextmanager
def told() -> Iterator[None]:
    """Turn Stripe's exceptions into our four kinds."""
    import stripe

    try:
        yield
    except guarding.REFUSALS as error:
        raise ThrottledError(str(error)) from error
    except stripe.CardError as error:
        raise DeclinedError(error.code or "card_declined") from error
    except (stripe.RateLimitError, stripe.IdempotencyError) as error:
        raise ThrottledError(error.code or "throttled") from error
    except stripe.InvalidRequestError as error:
        raise RefusedError(error.code or "invalid_request") from error
    except stripe.StripeError as error:
        if error.http_status == IN_USE:
            raise ThrottledError(error.code or "in_use") from error
        raise UnknownOutcomeError(type(error).__name__) from error


def create(
    *,
    kind: str,
    subject: str,
    leg: str,
    method: str,
    amount: int,
    currency: str,
    attempt: int,
    more: Mapping[str, str | bool] | None = None,
) -> Intent:
    """Make the intent of a leg: held first, captured later. Safe to repeat for 24 hours.

    `more` says whose it is, and what that person has saved or wants to save.
    """
    with told():
        made = _intents().create(
            {
                "amount": amount,
                "currency": currency.lower(),
                "capture_method": "manual",
                "allowed_payment_method_types": [method],
                "metadata": {
                    "env": settings().tables,
                    "kind": kind,
                    "subject": subject,
                    "leg": leg,
                },
                "expand": ["latest_charge"],
                **(more or {}),
            },
            {"idempotency_key": key(subject, leg, "auth", attempt)},
        )
    return _read(made)


def retrieve(intent_id: str) -> Intent:
    """The intent as Stripe has it now: the truth about its money."""
    with told():
        return _read(_intents().retrieve(intent_id, {"expand": ["latest_charge"]}))


def find(subject: str, leg: str, since: int) -> Intent | None:
    """The intent of a leg whose creation was cut off, by its metadata; None if it never was made.

    For outcomes older than Stripe's memory of keys: asked, never posted again.
    """
    with told():
        made = _intents().list(
            {"created": {"gte": since}, "limit": 100, "expand": ["data.latest_charge"]}
        )
        for one in made.auto_paging_iter():
            intent = _read(one)
            if (intent.subject_id, intent.leg) == (subject, leg):
                return intent
    return None


def capture(intent_id: str, *, amount: int, subject: str, leg: str, attempt: int) -> Intent:
    """Take an amount of what is held; the rest is let go."""
    with told():
        return _read(
            _intents().capture(
                intent_id,
                {"amount_to_capture": amount, "expand": ["latest_charge"]},
                {"idempotency_key": key(subject, leg, "capture", attempt)},
            )
        )


def cancel(intent_id: str, *, subject: str, leg: str, attempt: int) -> Intent:
    """Let go of what is held, and of the intent."""
    with told():
        return _read(
            _intents().cancel(
                intent_id,
                {"expand": ["latest_charge"]},
                {"idempotency_key": key(subject, leg, "void", attempt)},
            )
        )


def _read(made: "PaymentIntent") -> Intent:
    """Our view of Stripe's object, which is no dict: a field that is not there raises."""
    told: dict[str, Any] = made.to_dict()
    metadata = told.get("metadata") or {}
    charge = told.get("latest_charge") or {}
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    failed = told.get("last_payment_error") or {}
    return Intent(
        id=told["id"],
        status=told["status"],
        amount=told["amount"],
        currency=told["currency"].upper(),
        received=told.get("amount_received") or 0,
        client_secret=told.get("client_secret") or "",
        leg=metadata.get("leg", ""),
        subject_kind=metadata.get("kind", ""),
        subject_id=metadata.get("subject", ""),
        env=metadata.get("env", ""),
        capture_before=card.get("capture_before"),
        decline_code=failed.get("decline_code") or failed.get("code"),
        instrument=told.get("payment_method"),
        failed_card=_card_of(failed).get("fingerprint"),
    )


def _card_of(failed: dict[str, Any]) -> dict[str, Any]:
    """The card by which the last attempt failed. https://docs.stripe.com/api/errors."""
    return (failed.get("payment_method") or {}).get("card") or {}


def is_signed(text: str, signature: str, secret: str) -> bool:
    """Whether a secret of ours signed these words, whenever that was."""
    import stripe

    try:
        stripe.WebhookSignature.verify_header(text, signature, secret, tolerance=None)
    except stripe.SignatureVerificationError:
        return False
    return True
