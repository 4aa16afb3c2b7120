"""The queue's and the clock's way to webhooks."""

from collections.abc import Mapping
from itertools import batched
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.core import aws, batches, clock
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import handler, log
from chalicelib.integrations import feeding, lanes, ringing, sending

bp = Blueprint(__name__)

PATIENCE_SECONDS = 5.0


@bp.on_sqs_message(queue_arn="arn:aws:sqs:us-east-1:123456789012:overlaid", name="send-webhooks")
@handler
def send_webhooks(event: SQSEvent) -> dict[str, Any]:
    """Make messages of what bells tell, and send them. What fails comes again, alone.

    What a slow receiver leaves no time for goes back to the queue, for another worker.
    """
    began = clock.wall_now()

    def hear(message: Mapping[str, Any]) -> None:
        if clock.wall_now() - began > PATIENCE_SECONDS:
            aws.send_all(settings().webhook_queue, [message])
        else:
            _hear(message)

    return batches.each(event.to_dict(), hear)


def _hear(message: Mapping[str, Any]) -> None:
    if message["kind"] == ringing.KIND:
        sending.drive(ringing.place_of(message))
    elif message["kind"] == "order":
        due = feeding.hear(message["subject"])
        ringing.ring(due[1:])
        for place in due[:1]:
            sending.drive(place)


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-webhooks")
@handler
def sweep_webhooks(_: CloudWatchEvent) -> None:
    """Ring for every lane that is due: each is then sent to by itself."""
    rung = 0
    for places in batched(lanes.overdue(), aws.BATCH, strict=False):
        ringing.ring(places)
        rung += len(places)
    log("Webhooks were swept", count=rung)
