"""What a payment for later is saved by at Stripe: a SetupIntent that is the leg's own.

In the words and with the failures of `gateway.py`.
https://docs.stripe.com/payments/save-and-reuse
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.core.settings import settings
from chalicelib.payments.gateway import GatewayError, key, services, told
from chalicelib.payments.methods import MethodName


@dataclass(frozen=True, slots=True)
class LegSetup:
    """A SetupIntent, as far as we rely on it. `instrument` is what was saved by it."""

    id: str
    status: str
    client_secret: str
    leg: str
    subject_kind: str
    subject_id: str
    env: str
    customer: str
    instrument: str | None
    decline_code: str | None


def create(*, kind: str, subject: str, leg: str, customer: str, method: MethodName) -> LegSetup:
    """What the payer saves the means of a leg by. Safe to repeat for 24 hours."""
    wanted = {
        "customer": customer,
        "allowed_payment_method_types": [method],
        "usage": "off_session",
        "metadata": {"env": settings().tables, "kind": kind, "subject": subject, "leg": leg},
    }
    with told():
        made = services().setup_intents.create(
            wanted, {"idempotency_key": key(subject, leg, "setup", 1)}
        )
    return _read(made.to_dict())


def retrieve(setup_id: str) -> LegSetup:
    """The setup as Stripe has it now."""
    with told():
        return _read(services().setup_intents.retrieve(setup_id).to_dict())


def intent_in(error: GatewayError) -> str | None:
    """The intent that Stripe made all the same, and names in its refusal."""
    body = getattr(error.__cause__, "json_body", None) or {}
    intent = (body.get("error") or {}).get("payment_intent") or {}
    return intent.get("id")


def _read(made: dict[str, Any]) -> LegSetup:
    metadata = made.get("metadata") or {}
    failed = made.get("last_setup_error") or {}
    return LegSetup(
        id=made["id"],
        status=made["status"],
        client_secret=made.get("client_secret") or "",
        leg=metadata.get("leg", ""),
        subject_kind=metadata.get("kind", ""),
        subject_id=metadata.get("subject", ""),
        env=metadata.get("env", ""),
        customer=made.get("customer") or "",
        instrument=made.get("payment_method"),
        decline_code=failed.get("decline_code") or failed.get("code"),
    )
