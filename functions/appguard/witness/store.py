"""What the witness remembers: the last tree head it cosigned of each log, and what it refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, PutItemInputTypeDef


@dataclass(frozen=True)
class Head:
    """A tree head: how many entries, and their root."""

    size: int
    root: bytes


NOTHING = Head(0, b"")


def log_key(origin: str) -> "dict[str, AttributeValueTypeDef]":
    """Key of a log's last head."""
    return {"pk": {"S": f"LOG#{origin}"}}


class Memory:
    """A table only the witness may write."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Read and write `table` through `client`."""
        self._client, self._table = client, table

    def last(self, origin: str) -> Head:
        """The head cosigned last; `NOTHING` of a log never seen."""
        answer = self._client.get_item(TableName=self._table, Key=log_key(origin), ConsistentRead=True)
        item = answer.get("Item")
        return Head(int(item["tree_size"]["N"]), item["root"]["B"]) if item else NOTHING

    def move(self, origin: str, before: Head, after: Head) -> bool:
        """Remember `after` if the last head is still `before`; whether it was."""
        put: PutItemInputTypeDef = {
            "TableName": self._table,
            "Item": {
                **log_key(origin),
                "tree_size": {"N": str(after.size)},
                "root": {"B": after.root},
            },
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if before != NOTHING:
            put["ConditionExpression"] = "tree_size = :size AND root = :root"
            put["ExpressionAttributeValues"] = {
                ":size": {"N": str(before.size)},
                ":root": {"B": before.root},
            }
        try:
            self._client.put_item(**put)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def keep_evidence(self, digest: str, note: bytes, why: str, at: datetime) -> None:
        """Keep a checkpoint that was signed and refused: beside what was cosigned it is the proof."""
        self._client.put_item(
            TableName=self._table,
            Item={
                "pk": {"S": f"REFUSED#{digest}"},
                "note": {"B": note},
                "why": {"S": why},
                "at": {"S": at.isoformat()},
            },
        )
