"""The life of a payment leg, as one table. An order is paid by one to n legs.

requires_payment -> requires_action -> authorized -> captured -> partially_refunded -> refunded
(and back, where the bank of a customer returns a refund)
and out of it: failed, voided, expired, capture_failed, disputed.
"""

from collections.abc import Mapping
from enum import StrEnum


class LegStatus(StrEnum):
    """Where one payment of an order stands."""

    REQUIRES_PAYMENT = "requires_payment"
    REQUIRES_ACTION = "requires_action"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    FAILED = "failed"
    VOIDED = "voided"
    EXPIRED = "expired"
    CAPTURE_FAILED = "capture_failed"
    DISPUTED = "disputed"


class LegCommand(StrEnum):
    """What has become of a payment, as its provider tells it."""

    DEMAND_ACTION = "demand_action"
    ASK_AGAIN = "ask_again"
    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    VOID = "void"
    EXPIRE = "expire"
    FAIL = "fail"
    FAIL_CAPTURE = "fail_capture"
    REFUND_PART = "refund_part"
    REFUND = "refund"
    RETURN_REFUND_PART = "return_refund_part"
    RETURN_REFUND = "return_refund"
    DISPUTE = "dispute"


class Operation(StrEnum):
    """What we are about to ask of the provider: written before it is asked."""

    CREATE = "create"
    CAPTURE = "capture"
    VOID = "void"


S, C = LegStatus, LegCommand

LEG_MOVES: Mapping[tuple[LegStatus, LegCommand], LegStatus] = {
    (S.REQUIRES_PAYMENT, C.DEMAND_ACTION): S.REQUIRES_ACTION,
    (S.REQUIRES_ACTION, C.ASK_AGAIN): S.REQUIRES_PAYMENT,
    (S.REQUIRES_PAYMENT, C.AUTHORIZE): S.AUTHORIZED,
    (S.REQUIRES_ACTION, C.AUTHORIZE): S.AUTHORIZED,
    (S.REQUIRES_PAYMENT, C.FAIL): S.FAILED,
    (S.REQUIRES_ACTION, C.FAIL): S.FAILED,
    (S.REQUIRES_PAYMENT, C.VOID): S.VOIDED,
    (S.REQUIRES_ACTION, C.VOID): S.VOIDED,
    (S.AUTHORIZED, C.VOID): S.VOIDED,
    (S.AUTHORIZED, C.EXPIRE): S.EXPIRED,
    (S.AUTHORIZED, C.CAPTURE): S.CAPTURED,
    (S.AUTHORIZED, C.FAIL_CAPTURE): S.CAPTURE_FAILED,
    (S.CAPTURED, C.REFUND_PART): S.PARTIALLY_REFUNDED,
    (S.PARTIALLY_REFUNDED, C.REFUND_PART): S.PARTIALLY_REFUNDED,
    (S.CAPTURED, C.REFUND): S.REFUNDED,
    (S.PARTIALLY_REFUNDED, C.REFUND): S.REFUNDED,
    (S.REFUNDED, C.RETURN_REFUND_PART): S.PARTIALLY_REFUNDED,
    (S.PARTIALLY_REFUNDED, C.RETURN_REFUND_PART): S.PARTIALLY_REFUNDED,
    (S.REFUNDED, C.RETURN_REFUND): S.CAPTURED,
    (S.PARTIALLY_REFUNDED, C.RETURN_REFUND): S.CAPTURED,
    (S.CAPTURED, C.DISPUTE): S.DISPUTED,
    (S.PARTIALLY_REFUNDED, C.DISPUTE): S.DISPUTED,
}

OPEN = frozenset({S.REQUIRES_PAYMENT, S.REQUIRES_ACTION})
HOLDING = OPEN | {S.AUTHORIZED}
TAKEN = frozenset({S.CAPTURED, S.PARTIALLY_REFUNDED, S.REFUNDED, S.DISPUTED})
"""Its money was taken, whatever was given back since."""

EVENT_TYPES: Mapping[LegStatus, str] = {
    S.REQUIRES_PAYMENT: "payment.declined",
    S.REQUIRES_ACTION: "payment.action_required",
    S.AUTHORIZED: "payment.authorized",
    S.CAPTURED: "payment.captured",
    S.PARTIALLY_REFUNDED: "payment.partially_refunded",
    S.REFUNDED: "payment.refunded",
    S.FAILED: "payment.failed",
    S.VOIDED: "payment.voided",
    S.EXPIRED: "payment.expired",
    S.CAPTURE_FAILED: "payment.capture_failed",
    S.DISPUTED: "payment.disputed",
}


METHOD_SAVED = "payment.method_saved"
"""What a payment for later is to be charged by was saved."""
ACTION_REQUIRED = EVENT_TYPES[S.REQUIRES_ACTION]
TIP_CAPTURED = "payment.tip_captured"
"""A tip was taken: whoever brought the order is to have it."""


def after(status: LegStatus, command: LegCommand) -> LegStatus | None:
    """Where a command leads, or None where nothing is to be learnt from it."""
    return LEG_MOVES.get((status, command))
