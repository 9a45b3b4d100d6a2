"""Finds events the queue lost and queues them again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from appguard.audit.relay import CALL, message
from appguard.audit.store import unsealed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

GRACE = timedelta(minutes=2)
LIMIT = 500


def requeue(dynamodb: "DynamoDBClient", outbox: str, sqs: "SQSClient", queue_url: str, now: datetime) -> int:
    """Queue rows unsealed for longer than the usual delay; returns how many."""
    names = list(unsealed(dynamodb, outbox, now - GRACE, LIMIT))
    for at in range(0, len(names), CALL):
        sqs.send_message_batch(
            QueueUrl=queue_url,
            Entries=[
                {"Id": str(n), "MessageBody": message(name)} for n, name in enumerate(names[at : at + CALL])
            ],
        )
    return len(names)
