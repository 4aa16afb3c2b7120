"""The queue's and the clock's way to webhooks, and to the watch over stores."""

from collections.abc import Mapping
from itertools import batched
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.core import aws, batches, clock
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import handler, log
from chalicelib.couriers import moving
from chalicelib.integrations import feeding, lanes, ringing, sending, unanswered, watching
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.opendelivery import calling, logistic_telling

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
        return
    if message["kind"] == ringing.WATCHED:
        watching.look(message["subject"])
        return
    if message["kind"] == calling.KIND:
        calling.send(message["subject"], int(message["attempt"]))
        return
    if message["kind"] == moving.ERRAND:
        calling.ring(logistic_telling.hear_delivery(message["subject"]))
        return
    due = _due(message["kind"], message["subject"])
    ringing.ring(due[1:])
    if message["kind"] == "order":
        unanswered.hear(message["subject"], int(message["version"]), message["type"])
    for place in due[:1]:
        sending.drive(place)


def _due(kind: str, subject: str) -> list[Place]:
    if kind == "order":
        calling.ring(logistic_telling.hear(subject))
        return feeding.hear(subject)
    return feeding.hear_news(kind, subject) if kind in feeding.NEWS else []


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-webhooks")
@handler
def sweep_webhooks(_: CloudWatchEvent) -> None:
    """Ring for every lane that is due, and every store whose app may be missing.

    Each lane is then sent to by itself, and each store looked at.
    """
    rung = 0
    for some in batched(lanes.due_keys(), aws.BATCH, strict=False):
        places = [place for keys in some if (place := lanes.place_at(*keys))]
        ringing.ring(places)
        ringing.ring_for_watches([one for keys in some if (one := watching.watched(*keys))])
        rung += len(some)
    log("Webhooks were swept", count=rung)
