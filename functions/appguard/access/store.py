"""Where questions to data owners are kept.

| item | pk | sk | index |
|---|---|---|---|
| question | ACCESS#id | ACCESS | by_owner ASKER#person, by_state ACCESS#state |

Of a person and of a state they are in order of the time they were asked.
"""

from typing import TYPE_CHECKING

from appguard.access.model import ACCESS_REQUEST, Answered, Asked
from appguard.audit.outbox import Outbox
from appguard.audit.versioned import next_version
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import PersonId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


class AccessStore:
    """Questions in the catalog's table."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def find(self, request_id: str) -> Asked | Answered | None:
        """One question, read consistently, or None."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(request_id), ConsistentRead=True)
        return ACCESS_REQUEST.validate_json(found["Item"]["body"]["S"]) if "Item" in found else None

    def of_person(self, person: PersonId, limit: int) -> list[Asked | Answered]:
        """The latest `limit` questions of a person."""
        return self._query("by_owner", "gsi1pk", f"ASKER#{person}", limit, newest_first=True)

    def waiting(self, limit: int) -> list[Asked | Answered]:
        """The `limit` questions that wait longest."""
        return self._query("by_state", "gsi2pk", "ACCESS#asked", limit, newest_first=False)

    def save(self, request: Asked | Answered, because: AuditEvent) -> None:
        """Write the next state of a question with its event. Raises `StaleVersion`."""
        newer = request.model_copy(update={"version": request.version + 1})
        at: AttributeValueTypeDef = {"S": request.asked_at.isoformat()}
        item: dict[str, AttributeValueTypeDef] = {
            **_key(request.request_id),
            "gsi1pk": {"S": f"ASKER#{request.by}"},
            "gsi1sk": at,
            "gsi2pk": {"S": f"ACCESS#{request.state}"},
            "gsi2sk": at,
            "body": {"S": newer.model_dump_json()},
        }
        self._outbox.commit([next_version(self._table, item, request.version)], because)

    def _query(
        self, index: str, key: str, value: str, limit: int, *, newest_first: bool
    ) -> list[Asked | Answered]:
        found = self._dynamodb.query(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=f"{key} = :value",
            ExpressionAttributeValues={":value": {"S": value}},
            ScanIndexForward=not newest_first,
            Limit=limit,
        )
        return [ACCESS_REQUEST.validate_json(item["body"]["S"]) for item in found["Items"]]


def _key(request_id: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"ACCESS#{request_id}"}, "sk": {"S": "ACCESS"}}
