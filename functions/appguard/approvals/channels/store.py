"""What channels remember: which messages were sent, and which requests of a channel were answered.

| item | pk | sk |
|---|---|---|
| a message | CHANNEL#review | approval#channel#stage#destination |
| a request that was answered | CHANNEL#SEEN#digest | SEEN |

None of it is state of an approval: losing it would repeat a message and nothing else.
"""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from appguard.approvals.channels.sent import Sent, Slot
from appguard.approvals.settings import ApprovalSettings
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.ids import ReviewId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

CLAIMED = timedelta(minutes=2)
"""How long whoever is sending may take; after that somebody else tries."""

KEPT = timedelta(days=90)


class ChannelStore:
    """Rows of their own in the catalog's table, which forgets them by itself."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, clock: Clock = utc_now) -> None:
        """Remember in `table`."""
        self._dynamodb, self._table, self._clock = dynamodb, table, clock

    def claim(self, slot: Slot) -> bool:
        """Whether it is the caller's turn to send this: nobody has, and nobody is about to."""
        now = self._clock()
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    **_key(slot),
                    "claimed_until": _seconds(now + CLAIMED),
                    "expires": _seconds(now + KEPT),
                },
                ConditionExpression="attribute_not_exists(pk)"
                " OR (attribute_not_exists(body) AND claimed_until < :now)",
                ExpressionAttributeValues={":now": _seconds(now)},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def release(self, slot: Slot) -> None:
        """It was not sent: whoever tries next need not wait."""
        self._dynamodb.delete_item(TableName=self._table, Key=_key(slot))

    def keep(self, sent: Sent) -> None:
        """It was sent, or changed in place."""
        self._dynamodb.put_item(
            TableName=self._table,
            Item={
                **_key(sent.slot),
                "body": {"S": sent.model_dump_json()},
                "expires": _seconds(self._clock() + KEPT),
            },
        )

    def sent(self, review_id: ReviewId) -> list[Sent]:
        """All that was sent about the requests of a review."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"CHANNEL#{review_id}"}},
        )
        return [
            Sent.model_validate_json(item["body"]["S"])
            for page in pages
            for item in page["Items"]
            if "body" in item
        ]

    def first_time(self, what: str, remembered: timedelta) -> bool:
        """Whether `what` was not seen within the time it is remembered; only its digest is kept."""
        now = self._clock()
        digest = hashlib.sha256(what.encode()).hexdigest()
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": f"CHANNEL#SEEN#{digest}"},
                    "sk": {"S": "SEEN"},
                    "expires": _seconds(now + remembered),
                },
                ConditionExpression="attribute_not_exists(pk) OR expires < :now",
                ExpressionAttributeValues={":now": _seconds(now)},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(slot: Slot) -> "dict[str, AttributeValueTypeDef]":
    name = f"{slot.approval_id}#{slot.channel}#{slot.stage}#{slot.destination}"
    return {"pk": {"S": f"CHANNEL#{slot.review_id}"}, "sk": {"S": name}}


def _seconds(at: datetime) -> "AttributeValueTypeDef":
    return {"N": str(int(at.timestamp()))}


@cache
def channel_store() -> ChannelStore:
    """The deployment's memory, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return ChannelStore(boto3.client("dynamodb"), ApprovalSettings.from_env().table)
