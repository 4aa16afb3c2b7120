"""The queue's way to people's phones."""

from collections.abc import Mapping
from typing import Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.core import batches, notices
from chalicelib.core.outbox import Bell
from chalicelib.core.telemetry import handler
from chalicelib.notifications import noticing, telling

bp = Blueprint(__name__)


@bp.on_sqs_message(
    queue_arn="arn:aws:sqs:us-east-1:123456789012:overlaid", name="push-notifications"
)
@handler
def push_notifications(event: SQSEvent) -> dict[str, Any]:
    """Tell people what bells tell of. What fails comes again, alone, and is told to who is left."""
    return batches.each(event.to_dict(), _hear)


def _hear(message: Mapping[str, Any]) -> None:
    bell = Bell(message["kind"], message["subject"], message["version"], message["type"])
    (noticing if bell.kind == notices.KIND else telling).hear(bell)
