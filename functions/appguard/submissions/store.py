"""Where links live, and which tokens were used.

| item | pk | sk |
|---|---|---|
| link of an app | LINK#app | LINK |
"""

from typing import TYPE_CHECKING

from appguard.audit.outbox import Outbox
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId
from appguard.submissions.model import Link

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, DeleteTypeDef


class LinkStore:
    """Links in the catalog's table."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def find(self, app_id: AppId) -> Link | None:
        """The app's link, read consistently, or None."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(app_id), ConsistentRead=True)
        return Link.model_validate_json(found["Item"]["body"]["S"]) if "Item" in found else None

    def save(self, link: Link, because: AuditEvent) -> None:
        """Put the app's one link, with its event."""
        item = {**_key(link.app_id), "body": {"S": link.model_dump_json()}}
        self._outbox.commit([{"Put": {"TableName": self._table, "Item": item}}], because)

    def remove(self, app_id: AppId, because: AuditEvent) -> None:
        """Take the link away, with its event; raises `StaleVersion` when there is none."""
        delete: DeleteTypeDef = {
            "TableName": self._table,
            "Key": _key(app_id),
            "ConditionExpression": "attribute_exists(pk)",
        }
        self._outbox.commit([{"Delete": delete}], because)

    def first(self, received: AuditEvent) -> bool:
        """Record that a token was used; False when it was used before.

        The event's id is made of the token's, and the outbox keeps each id for good.
        """
        return self._outbox.commit([], received)


def _key(app_id: AppId) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"LINK#{app_id}"}, "sk": {"S": "LINK"}}
