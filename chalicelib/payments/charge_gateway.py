"""What Stripe has taken and given back, in lists: for comparing it with our books.

Failures are those of `gateway.py`. https://docs.stripe.com/api/charges/list and
https://docs.stripe.com/api/refunds/list: newest first, a hundred at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.payments.gateway import RefusedError, services, told
from chalicelib.payments.refund_gateway import FAILED

PAGE = 100

Kind = Literal["charge", "refund"]


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came to Stripe (above zero) or left it, in the currency that the customer sees.

    `key` is what our books know it by: the intent of a charge, the id of a refund. `moved_at` in
    epoch seconds. A refund that failed has an amount of zero: what left came back.
    """

    kind: Kind
    key: str
    intent_id: str
    amount: int
    currency: str
    env: str
    subject: str
    moved_at: int
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some movements, and where the list goes on; None at its end."""

    movements: Sequence[Movement]
    after: str | None


def page(kind: Kind, since: int, until: int, after: str | None) -> Page:
    """Movements whose charge or refund was made within [since, until), newest first.

    Holds that were not captured are no movements, and are left out.
    """
    wanted: dict[str, Any] = {"created": {"gte": since, "lt": until}, "limit": PAGE}
    if after:
        wanted["starting_after"] = after
    with told():
        if kind == "charge":
            found = services().charges.list({**wanted, "expand": ["data.balance_transaction"]})
        else:
            found = services().refunds.list(wanted)
        raws = [one.to_dict() for one in found.data]
        more = bool(found.has_more)
    read = _charges(raws) if kind == "charge" else (_refund(raw) for raw in raws)
    return Page(list(read), raws[-1]["id"] if more else None)


def find(kind: Kind, key: str) -> Movement | None:
    """One movement by what our books know it by; None where Stripe has no such thing."""
    try:
        with told():
            if kind == "refund":
                return _refund(services().refunds.retrieve(key).to_dict())
            wanted = {"payment_intent": key, "limit": PAGE, "expand": ["data.balance_transaction"]}
            found = services().charges.list(wanted)
            return next(_charges([one.to_dict() for one in found.data]), None)
    except RefusedError:
        return None


def _charges(raws: Sequence[dict[str, Any]]) -> Iterator[Movement]:
    for raw in raws:
        if raw["captured"] and raw["amount_captured"]:
            moved = raw.get("balance_transaction") or {}
            intent_id = raw.get("payment_intent") or raw["id"]
            yield Movement(
                kind="charge",
                key=intent_id,
                intent_id=intent_id,
                amount=raw["amount_captured"],
                moved_at=moved.get("created", raw["created"]),
                **_common(raw),
            )


def _refund(raw: dict[str, Any]) -> Movement:
    failed = raw["status"] in FAILED
    return Movement(
        kind="refund",
        key=raw["id"],
        intent_id=raw.get("payment_intent") or "",
        amount=0 if failed else -raw["amount"],
        moved_at=raw["created"],
        has_failed=failed,
        **_common(raw),
    )


def _common(raw: dict[str, Any]) -> dict[str, Any]:
    metadata = raw.get("metadata") or {}
    return {
        "currency": raw["currency"].upper(),
        "env": metadata.get("env", ""),
        "subject": f"{metadata.get('kind', '')}#{metadata.get('subject', '')}",
    }
