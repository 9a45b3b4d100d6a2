"""The table of delivery: how far each destination is, who works on it, and what it would not take."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import AuditEvent, RetentionClass
from appguard.siem.model import Batch, DestinationName, Rejection
from appguard.siem.settings import CursorSettings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

STATE = "STATE"


def cursor_name(log: RetentionClass) -> str:
    """Sort key of a destination's place in a log."""
    return f"CURSOR#{log}"


def rejected_name(log: RetentionClass, start: int) -> str:
    """Sort key of what a destination would not take of the batch that begins there; sorts by number."""
    return f"REJECTED#{log}#{start:020d}"


class DeliveryStore:
    """Reads and writes of delivery."""

    def __init__(self, client: "DynamoDBClient", table: str, events: Outbox) -> None:
        """`events` records what is set aside in the same transaction."""
        self._client, self._table, self._outbox = client, table, events

    def take(self, name: DestinationName, now: datetime, until: datetime) -> bool:
        """Become the one run that delivers there until then; False while one does, or it is to rest."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_state(name, until, "delivering"),
                ConditionExpression="attribute_not_exists(pk) OR busy_until < :now",
                ExpressionAttributeValues={":now": {"S": _instant(now)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def leave(self, name: DestinationName, rest_until: datetime, state: str) -> None:
        """Let others, none before `rest_until`; `state` says how this run ended."""
        self._client.put_item(TableName=self._table, Item=_state(name, rest_until, state))

    def state(self, name: DestinationName) -> str | None:
        """How the last run ended, or that one is at work; None when nothing was ever delivered there."""
        found = self._client.get_item(TableName=self._table, Key=_key(name, STATE), ConsistentRead=True)
        return found["Item"]["state"]["S"] if "Item" in found else None

    def position(self, name: DestinationName, log: RetentionClass) -> int:
        """The first entry that has not arrived."""
        found = self._client.get_item(
            TableName=self._table, Key=_key(name, cursor_name(log)), ConsistentRead=True
        )
        return int(found["Item"]["position"]["N"]) if "Item" in found else 0

    def advance(
        self,
        name: DestinationName,
        batch: Batch,
        at: datetime,
        refused: Sequence[Rejection],
        because: Sequence[AuditEvent],
    ) -> None:
        """All of `batch` has arrived but what was `refused`, which is set aside. Raises `StaleVersion`."""
        writes = [self._move(name, batch.log, batch.start, batch.end, at)]
        if refused:
            writes.append({"Put": {"TableName": self._table, "Item": _set_aside(name, batch, refused, at)}})
        self._commit(writes, because)

    def rewind(
        self, name: DestinationName, log: RetentionClass, before: int, to: int, because: AuditEvent
    ) -> None:
        """Go back to an earlier entry. Raises `StaleVersion` when a run moved on meanwhile."""
        self._commit([self._move(name, log, before, to, because.timestamp)], [because])

    def rejected(self, name: DestinationName, limit: int) -> list[Rejection]:
        """What the destination would not take, the earliest first."""
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :rejected)",
            ExpressionAttributeValues={":pk": _key(name, "")["pk"], ":rejected": {"S": "REJECTED#"}},
            Limit=limit,
        )
        return [Rejection(**one) for item in found["Items"] for one in json.loads(item["entries"]["S"])]

    def _move(
        self, name: DestinationName, log: RetentionClass, before: int, to: int, at: datetime
    ) -> "TransactWriteItemTypeDef":
        never = " OR attribute_not_exists(pk)" if before == 0 else ""
        return {
            "Put": {
                "TableName": self._table,
                "Item": {
                    **_key(name, cursor_name(log)),
                    "position": {"N": str(to)},
                    "at": {"S": _instant(at)},
                },
                "ConditionExpression": f"#position = :before{never}",
                "ExpressionAttributeNames": {"#position": "position"},
                "ExpressionAttributeValues": {":before": {"N": str(before)}},
            }
        }

    def _commit(self, writes: "list[TransactWriteItemTypeDef]", because: Sequence[AuditEvent]) -> None:
        if because:
            self._outbox.commit(writes, *because)
            return
        try:
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException:
            raise StaleVersion("another run moved the cursor") from None


def _key(name: DestinationName, item: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"DESTINATION#{name}"}, "sk": {"S": item}}


def _state(name: DestinationName, busy_until: datetime, state: str) -> "dict[str, AttributeValueTypeDef]":
    return {**_key(name, STATE), "busy_until": {"S": _instant(busy_until)}, "state": {"S": state}}


def _set_aside(
    name: DestinationName, batch: Batch, refused: Sequence[Rejection], at: datetime
) -> "dict[str, AttributeValueTypeDef]":
    entries: list[dict[str, Any]] = [vars(one) for one in refused]
    return {
        **_key(name, rejected_name(batch.log, batch.start)),
        "entries": {"S": json.dumps(entries)},
        "at": {"S": _instant(at)},
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


@cache
def deliveries() -> DeliveryStore:
    """The deployment's."""
    import boto3  # noqa: PLC0415 - only on first use

    return DeliveryStore(boto3.client("dynamodb"), CursorSettings.from_env().table, outbox())
