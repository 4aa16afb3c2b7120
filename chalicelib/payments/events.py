"""Queues and the clock's way to payments."""

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.core import batches
from chalicelib.core.errors import ProblemError
from chalicelib.core.outbox import Bell
from chalicelib.core.telemetry import alarm, failure, handler, log
from chalicelib.payments import following, reconciling
from chalicelib.payments.gateway import GatewayError, ThrottledError

RECONCILING_SECONDS = 240

bp = Blueprint(__name__)


@bp.on_sqs_message(queue_arn="arn:aws:sqs:us-east-1:123456789012:overlaid", name="settle-payments")
@handler
def settle_payments(event: SQSEvent) -> dict[str, Any]:
    """Let money follow what orders and Stripe tell. What fails comes again, alone."""
    return batches.each(event.to_dict(), lambda message: following.hear(Bell(**message)))


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-payments")
@handler
def sweep_payments(_: CloudWatchEvent) -> None:
    """Take up every leg that is due. One that fails stays due and holds nobody up."""
    resumed = failed = 0
    unforeseen: list[Exception] = []
    for subject, what in following.overdue():
        try:
            following.resume(subject, what)
            resumed += 1
        except ThrottledError as error:
            failed += 1
            log("A payment waits for Stripe", order=subject.id, code=error.code)
        except (ProblemError, GatewayError) as error:
            failed += 1
            alarm("A payment could not be taken up", order=subject.id, what=what, code=error.code)
        except Exception as error:  # noqa: BLE001 - a mistake of ours: raised when all had their turn
            failed += 1
            failure("A payment could not be taken up", error, order=subject.id, what=what)
            unforeseen.append(error)
    log("Payments were swept", count=resumed, failed=failed)
    if unforeseen:
        raise unforeseen[0]


@bp.schedule(Rate(1, Rate.HOURS), name="reconcile-payments")
@handler
def reconcile_payments(_: CloudWatchEvent) -> None:
    """Compare the day before with Stripe. Begun by the first hour of a day, gone on with by others.

    What Stripe does not tell now it is asked for by the next run, from where this one stopped.
    """
    try:
        reconciling.run(RECONCILING_SECONDS)
    except GatewayError as error:
        log("A comparison with Stripe goes on later", code=error.code)
    log("Payments were compared")
