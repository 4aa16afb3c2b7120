"""Refunds at Stripe, in the words and with the failures of `gateway.py`.

Every POST carries a key that names the refund, its portion and the attempt. A refund may fail days
after it succeeded: https://docs.stripe.com/refunds#failed-refunds
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.core.settings import settings
from chalicelib.payments.gateway import key, services, told

FAILED = frozenset({"failed", "canceled"})


@dataclass(frozen=True, slots=True)
class StripeRefund:
    """A refund at Stripe, as far as we rely on it. `ref` is our own name for it."""

    id: str
    status: str
    amount: int
    intent_id: str
    subject_kind: str
    subject_id: str
    env: str
    ref: str
    failure: str | None

    @property
    def has_failed(self) -> bool:
        return self.status in FAILED


def create(
    intent_id: str, *, kind: str, subject: str, leg: str, ref: str, amount: int, attempt: int
) -> StripeRefund:
    """Give back a part of what was taken. Safe to repeat for 24 hours.

    Raises gateway.GatewayError: RefusedError where there is less left to give back.
    """
    with told():
        made = services().refunds.create(
            {
                "payment_intent": intent_id,
                "amount": amount,
                "metadata": {
                    "env": settings().tables,
                    "kind": kind,
                    "subject": subject,
                    "leg": leg,
                    "refund": ref,
                },
            },
            {"idempotency_key": key(subject, leg, f"refund-{ref}", attempt)},
        )
        return _read(made.to_dict())


def retrieve(refund_id: str) -> StripeRefund:
    """The refund as Stripe has it now."""
    with told():
        return _read(services().refunds.retrieve(refund_id).to_dict())


def find(intent_id: str, ref: str) -> StripeRefund | None:
    """The refund of an intent whose making was cut off, by our name for it; None: never made."""
    with told():
        made = services().refunds.list({"payment_intent": intent_id, "limit": 100})
        found = (_read(one.to_dict()) for one in made.auto_paging_iter())
        return next((one for one in found if one.ref == ref), None)


def _read(told_of: dict[str, Any]) -> StripeRefund:
    metadata = told_of.get("metadata") or {}
    return StripeRefund(
        id=told_of["id"],
        status=told_of["status"],
        amount=told_of["amount"],
        intent_id=told_of.get("payment_intent") or "",
        subject_kind=metadata.get("kind", ""),
        subject_id=metadata.get("subject", ""),
        env=metadata.get("env", ""),
        ref=metadata.get("refund", ""),
        failure=told_of.get("failure_reason"),
    )
