"""The doorbell: streams ring bells for new events; a sweep rings those that were missed.

A handler stops at the first record that fails and names it: Lambda starts again from there, and
whatever comes twice finds its bell already rung.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate

from chalicelib.core import aws, outbox
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import alarm, handler, log, name_of

bp = Blueprint(__name__)

PLACEHOLDER_STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/overlaid"
RINGING_FAILS = (BotoCoreError, ClientError, aws.QueueRefusedError)
MOST_FAILURES = 3


@bp.on_dynamodb_record(PLACEHOLDER_STREAM, name="ring-bells", batch_size=100)
@handler
def ring_bells(event: DynamoDBEvent) -> dict[str, Any]:
    records = event.to_dict()["Records"]
    for number, record in enumerate(records):
        try:
            _ring_for(record)
        except RINGING_FAILS as error:
            alarm("Bells did not ring", code=name_of(error), rung=number, count=len(records))
            failed = record["dynamodb"]["SequenceNumber"]
            return {"batchItemFailures": [{"itemIdentifier": failed}]}
    log("Bells were rung", count=len(records))
    return {"batchItemFailures": []}


def _ring_for(record: dict[str, Any]) -> None:
    image = record["dynamodb"]["NewImage"]
    outbox.ring([outbox.from_image(image)])
    if "bell_shard" in image:
        table = record["eventSourceARN"].split("/")[1]
        outbox.rung(table, image)


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-bells")
@handler
def sweep_bells(_: CloudWatchEvent) -> None:
    """Ring what no stream has rung for two seconds; how many is the measure of the streams.

    One event that cannot be rung does not silence the others, but many mean an outage.
    """
    missed = failed = 0
    for table in settings().event_tables:
        for image in outbox.undelivered(table):
            try:
                outbox.ring([outbox.from_image(image)])
                outbox.rung(table, image)
            except RINGING_FAILS as error:
                failed += 1
                if failed == MOST_FAILURES:
                    raise
                alarm("A missed bell did not ring", code=name_of(error), table=table)
            else:
                missed += 1
    log("Missed bells were swept", count=missed, failed=failed)
