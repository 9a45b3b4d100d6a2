"""The outbox: a change and its audit event are written together or not at all."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import Field

from appguard.audit.canonical import canonical
from appguard.kernel.errors import StaleVersion, Unavailable
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import EventId
from appguard.kernel.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, PutTypeDef, TransactWriteItemTypeDef

ROW = "EVENT"
UNSEALED_INDEX = "unsealed"
CONDITION = "ConditionalCheckFailed"
BUSY = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 0)  # seconds after each attempt


class OutboxSettings(Settings):
    """What every function needs that records events."""

    table: str = Field(alias="OUTBOX_TABLE")


class Outbox:
    """Records audit events exactly once per event id."""

    def __init__(
        self, client: "DynamoDBClient", table: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Write to `table` through `client`; `sleep` pauses between attempts when the table is busy."""
        self._client = client
        self._table = table
        self._sleep = sleep

    def commit(self, writes: "Sequence[TransactWriteItemTypeDef]", *events: AuditEvent) -> bool:
        """Apply `writes` (of any table) and record `events` in one transaction.

        Returns False, changing nothing, when one of the events is there already: the step was retried.
        Raises `StaleVersion` when a condition of `writes` does not hold.
        """
        if not events:
            raise ValueError("a change without an audit event")
        puts: list[TransactWriteItemTypeDef] = [{"Put": self._put(event)} for event in events]
        for pause in PAUSES:
            refusals = self._transact([*writes, *puts])
            if CONDITION in refusals[len(writes) :]:
                return False
            if CONDITION in refusals:
                raise StaleVersion("somebody changed this first")
            if not refusals:
                return True
            self._sleep(pause)
        raise Unavailable("the store is busy")

    def _transact(self, items: "Sequence[TransactWriteItemTypeDef]") -> list[str]:
        """Why each of `items` was refused, in order; empty when all of them were written."""
        try:
            self._client.transact_write_items(TransactItems=items)
        except self._client.exceptions.TransactionCanceledException as error:
            # botocore's model of the error lacks the reasons it carries.
            response: dict[str, Any] = dict(error.response)
            codes = [reason.get("Code", "None") for reason in response.get("CancellationReasons", ())]
            if not {CONDITION, *BUSY}.intersection(codes):
                raise
            return codes
        return []

    def recorded(self, event_id: EventId) -> bool:
        """Whether this event is there already: a step asks before it acts on a state it has left."""
        key: dict[str, AttributeValueTypeDef] = {"pk": {"S": event_id}, "sk": {"S": ROW}}
        found = self._client.get_item(
            TableName=self._table, Key=key, ConsistentRead=True, ProjectionExpression="pk"
        )
        return "Item" in found

    def record(self, *events: AuditEvent) -> None:
        """Record facts that change no state, such as a refusal; each at most once."""
        for event in events:
            try:
                self._client.put_item(**self._put(event))
            except self._client.exceptions.ConditionalCheckFailedException:
                continue

    def _put(self, event: AuditEvent) -> "PutTypeDef":
        return {
            "TableName": self._table,
            "Item": row(event),
            "ConditionExpression": "attribute_not_exists(pk)",
        }


def row(event: AuditEvent) -> "dict[str, AttributeValueTypeDef]":
    """The outbox row of `event`. `unsealed` (a shard) leaves when the ledger has taken the event."""
    body = canonical(event)
    return {
        "pk": {"S": event.event_id},
        "sk": {"S": ROW},
        "body": {"S": body.decode()},
        "at": {"S": moment(event.timestamp)},
        "retention_class": {"S": event.retention_class.value},
        "unsealed": {"S": event.event_id[-1]},
    }


def moment(at: datetime) -> str:
    """An instant as rows are sorted by it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@cache
def outbox() -> Outbox:
    """The outbox named by `OUTBOX_TABLE`."""
    import boto3  # noqa: PLC0415 - only on first use

    return Outbox(boto3.client("dynamodb"), OutboxSettings.from_env().table)
