"""Where exceptions live.

| item | pk | sk | index |
|---|---|---|---|
| exception | EXCEPTION#id | EXCEPTION | by_owner EXCEPTIONS#app, by_state EXCEPTIONS#state |
| an open one | likewise | | also by_due DUE#exception, day#id |

Of an app they are in order of the time they were granted, of a state in order of their expiry.
"""

from typing import TYPE_CHECKING

from appguard.approvals.exceptions.model import EXCEPTION, ExceptionRecord, Open
from appguard.audit.outbox import Outbox
from appguard.audit.versioned import next_version
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId

if TYPE_CHECKING:
    from datetime import date

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

DUE = "DUE#exception"


class ExceptionStore:
    """Exceptions in the catalog's table."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def find(self, exception_id: str) -> ExceptionRecord | None:
        """One exception, read consistently, or None."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(exception_id), ConsistentRead=True)
        return EXCEPTION.validate_json(found["Item"]["body"]["S"]) if "Item" in found else None

    def of_app(self, app_id: AppId) -> list[ExceptionRecord]:
        """All of one app, the newest first."""
        return self._query("by_owner", "gsi1pk", f"EXCEPTIONS#{app_id}", newest_first=True)

    def in_state(self, state: str, limit: int) -> list[ExceptionRecord]:
        """The first `limit` in one state: of open ones those that expire soonest, of others the latest."""
        return self._query(
            "by_state", "gsi2pk", f"EXCEPTIONS#{state}", newest_first=state != "open", limit=limit
        )

    def due(self, until: "date") -> list[str]:
        """Ids of open ones whose day is `until` or earlier, most overdue first; reads only those."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_due",
            KeyConditionExpression="gsi3pk = :due AND gsi3sk <= :day",
            ExpressionAttributeValues={":due": {"S": DUE}, ":day": {"S": f"{until}~"}},
        )
        return [item["exception_id"]["S"] for page in pages for item in page["Items"]]

    def change(self, record: ExceptionRecord, because: AuditEvent) -> bool:
        """Write the next state; False when its event is there already. Raises `StaleVersion`."""
        return self._outbox.commit([self.put(record)], because)

    def refuse_access(self, because: AuditEvent) -> None:
        """Record an attempt that was not allowed."""
        self._outbox.record(because)

    def put(self, record: ExceptionRecord) -> "TransactWriteItemTypeDef":
        """The write of a record's next version, to be made in one transaction with what caused it."""
        newer = record.model_copy(update={"version": record.version + 1})
        item: dict[str, AttributeValueTypeDef] = {
            **_key(record.exception_id),
            "exception_id": {"S": record.exception_id},
            "gsi1pk": {"S": f"EXCEPTIONS#{record.app_id}"},
            "gsi1sk": {"S": record.granted_at.isoformat()},
            "gsi2pk": {"S": f"EXCEPTIONS#{record.state}"},
            "gsi2sk": {"S": record.expires_at.isoformat()},
            "body": {"S": newer.model_dump_json()},
        }
        if isinstance(record, Open):
            item |= {
                "gsi3pk": {"S": DUE},
                "gsi3sk": {"S": f"{record.expires_at.date()}#{record.exception_id}"},
            }
        return next_version(self._table, item, record.version)

    def _query(
        self, index: str, key: str, value: str, *, newest_first: bool, limit: int | None = None
    ) -> list[ExceptionRecord]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=f"{key} = :value",
            ExpressionAttributeValues={":value": {"S": value}},
            ScanIndexForward=not newest_first,
            PaginationConfig={"MaxItems": limit} if limit else {},
        )
        return [EXCEPTION.validate_json(item["body"]["S"]) for page in pages for item in page["Items"]]


def _key(exception_id: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"EXCEPTION#{exception_id}"}, "sk": {"S": "EXCEPTION"}}
