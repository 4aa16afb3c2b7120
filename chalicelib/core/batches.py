"""A queue's batch: each message by itself; those that fail come again, the others do not."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.core.telemetry import failure, log


def each(event: dict[str, Any], handle: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Handle each message of an SQS event. Returns which of them failed, as Lambda wants it."""

    def one(record: SQSRecord) -> None:
        try:
            handle(record.json_body)
        except Exception as error:
            failure("A message failed", error, queue=record.queue_url or record.event_source_arn)
            raise

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    answer = process_partial_response(event, one, processor)
    log(
        "Messages were handled",
        count=len(event["Records"]),
        failed=len(answer["batchItemFailures"]),
    )
    return dict(answer)
