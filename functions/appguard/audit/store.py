"""The ledger's tables: heads, batches, and which outbox row became which entry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from appguard.audit.admission import Rejected, admit
from appguard.audit.merkle import Edge
from appguard.audit.outbox import ROW, UNSEALED_INDEX, moment
from appguard.kernel.event import RetentionClass
from appguard.kernel.ids import EventId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, PutTypeDef, TransactWriteItemTypeDef

BATCH_ENTRIES = 98  # a transaction takes 100 items; head and batch are the other two
READ_ITEMS = 100
SHARDS = "0123456789abcdef"
LOST_RACE = {"ConditionalCheckFailed", "TransactionConflict"}
HEAD = "HEAD"
PUBLISHED = "PUBLISHED"


@dataclass(frozen=True)
class Row:
    """An event in the outbox; `index` is its place in the log once it is sealed."""

    event_id: EventId
    log: RetentionClass
    at: str
    body: bytes
    index: int | None = None


@dataclass(frozen=True)
class Batch:
    """Entries committed together; their bytes are the object named by `digest`."""

    start: int
    digest: str


def log_key(log: RetentionClass, item: str) -> "dict[str, AttributeValueTypeDef]":
    """Key of an item of a log in the ledger table."""
    return {"pk": {"S": f"LOG#{log}"}, "sk": {"S": item}}


def batch_name(start: int) -> str:
    """Sort key of the batch whose first entry is `start`; sorts by number."""
    return f"BATCH#{start:020d}"


def row_key(event_id: str) -> "dict[str, AttributeValueTypeDef]":
    """Key of an event in the outbox."""
    return {"pk": {"S": event_id}, "sk": {"S": ROW}}


class LedgerStore:
    """Reads and writes of the sequencer."""

    def __init__(self, client: "DynamoDBClient", ledger: str, outbox: str) -> None:
        """`ledger` and `outbox` are table names."""
        self._client = client
        self._ledger = ledger
        self._outbox = outbox

    def rows(self, ids: Sequence[str]) -> list[Row]:
        """The outbox rows of those of `ids` that exist and hold an event."""
        return [one for one in self.found(ids) if isinstance(one, Row)]

    def found(self, ids: Sequence[str]) -> Iterator[Row | Rejected]:
        """What lies in the outbox under those of `ids` that are there."""
        for at in range(0, len(ids), READ_ITEMS):
            wanted: Any = [row_key(event_id) for event_id in ids[at : at + READ_ITEMS]]
            while wanted:
                answer: Any = self._client.batch_get_item(
                    RequestItems={self._outbox: {"Keys": wanted, "ConsistentRead": True}}
                )
                yield from map(_row, answer["Responses"].get(self._outbox, ()))
                wanted = answer["UnprocessedKeys"].get(self._outbox, {}).get("Keys")

    def set_aside(self, name: str) -> "TransactWriteItemTypeDef":
        """The write that leaves a row in the outbox, but not among those that wait to become entries."""
        return {
            "Update": {
                "TableName": self._outbox,
                "Key": row_key(name),
                "UpdateExpression": "REMOVE unsealed",
                "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(entry_index)",
            }
        }

    def head(self, log: RetentionClass) -> Edge:
        """The committed right edge of the log."""
        item = self._item(log, HEAD)
        return (
            Edge(int(item["tree_size"]["N"]), [node["B"] for node in item["edge"]["L"]]) if item else Edge()
        )

    def commit(
        self, log: RetentionClass, before: Edge, after: Edge, digest: str, rows: Sequence[Row]
    ) -> bool:
        """Make `rows` the next entries, if the head is still `before` and none of them is an entry yet."""
        start = before.size
        writes: list[TransactWriteItemTypeDef] = [
            {"Put": self._head(log, before, after)},
            {
                "Put": {
                    "TableName": self._ledger,
                    "Item": {**log_key(log, batch_name(start)), "digest": {"S": digest}},
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            },
            *(self._seal(row, start + offset) for offset, row in enumerate(rows)),
        ]
        try:
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as error:
            response: dict[str, Any] = dict(error.response)
            if LOST_RACE.isdisjoint(reason.get("Code") for reason in response.get("CancellationReasons", ())):
                raise
            return False
        return True

    def _head(self, log: RetentionClass, before: Edge, after: Edge) -> "PutTypeDef":
        put: PutTypeDef = {
            "TableName": self._ledger,
            "Item": {
                **log_key(log, HEAD),
                "tree_size": {"N": str(after.size)},
                "edge": {"L": [{"B": node} for node in after.nodes]},
            },
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if before.size:
            put["ConditionExpression"] = "tree_size = :size"
            put["ExpressionAttributeValues"] = {":size": {"N": str(before.size)}}
        return put

    def _seal(self, row: Row, index: int) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self._outbox,
                "Key": row_key(row.event_id),
                "UpdateExpression": "SET entry_index = :index REMOVE unsealed",
                "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(entry_index)",
                "ExpressionAttributeValues": {":index": {"N": str(index)}},
            }
        }

    def batches(self, log: RetentionClass, start: int, end: int) -> Iterator[Batch]:
        """The batches that hold entries `start` (where one begins) to `end`, in order."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._ledger,
            ConsistentRead=True,
            KeyConditionExpression="pk = :log AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":log": log_key(log, HEAD)["pk"],
                ":first": {"S": batch_name(start)},
                ":last": {"S": batch_name(end - 1)},
            },
        )
        for page in pages:
            for item in page["Items"]:
                yield Batch(int(item["sk"]["S"].partition("#")[2]), item["digest"]["S"])

    def published(self, log: RetentionClass) -> int:
        """Up to which size tiles and checkpoint are known to be stored."""
        item = self._item(log, PUBLISHED)
        return int(item["tree_size"]["N"]) if item else 0

    def publish(self, log: RetentionClass, size: int) -> None:
        """Remember that everything up to `size` is stored; a later size stands."""
        try:
            self._client.put_item(
                TableName=self._ledger,
                Item={**log_key(log, PUBLISHED), "tree_size": {"N": str(size)}},
                ConditionExpression="attribute_not_exists(pk) OR tree_size < :size",
                ExpressionAttributeValues={":size": {"N": str(size)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def _item(self, log: RetentionClass, name: str) -> Any:
        answer = self._client.get_item(TableName=self._ledger, Key=log_key(log, name), ConsistentRead=True)
        return answer.get("Item")


def unsealed(client: "DynamoDBClient", outbox: str, before: datetime, limit: int) -> Iterator[str]:
    """Names of outbox rows older than `before` that are no entries yet, at most `limit` a shard."""
    for shard in SHARDS:
        answer = client.query(
            TableName=outbox,
            IndexName=UNSEALED_INDEX,
            KeyConditionExpression="unsealed = :shard AND #at < :before",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={":shard": {"S": shard}, ":before": {"S": before.isoformat()}},
            Limit=limit,
        )
        yield from (item["pk"]["S"] for item in answer["Items"])


def _row(item: "dict[str, AttributeValueTypeDef]") -> Row | Rejected:
    """An entry by what the sequencer noted of it; anything else by nothing but its own words."""
    name, body = item["pk"]["S"], item.get("body", {}).get("S", "").encode()
    if "entry_index" in item:
        log, index = RetentionClass(item["retention_class"]["S"]), int(item["entry_index"]["N"])
        return Row(EventId(name), log, item["at"]["S"], body, index)
    try:
        event = admit(name, body)
    except Rejected as rejected:
        return rejected
    return Row(event.event_id, event.retention_class, moment(event.timestamp), body)
