"""Where delegations live.

| item | pk | sk | index |
|---|---|---|---|
| the one delegation of a person | DELEGATION#person | CURRENT | by_owner STANDS_IN#delegate, last day |
"""

from typing import TYPE_CHECKING

from appguard.approvals.delegation.model import Delegation
from appguard.audit.outbox import Outbox
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import PersonId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef


class DelegationStore:
    """Delegations in the catalog's table."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def of(self, person: PersonId) -> Delegation | None:
        """The delegation somebody named last, over or not."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(person), ConsistentRead=True)
        return Delegation.model_validate_json(found["Item"]["body"]["S"]) if "Item" in found else None

    def to(self, delegate: PersonId) -> list[Delegation]:
        """All that name this delegate, the one that ends first at the front."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_owner",
            KeyConditionExpression="gsi1pk = :to",
            ExpressionAttributeValues={":to": {"S": f"STANDS_IN#{delegate}"}},
        )
        return [Delegation.model_validate_json(item["body"]["S"]) for page in pages for item in page["Items"]]

    def save(self, delegation: Delegation, because: AuditEvent) -> bool:
        """Write it in place of the person's last; raises `StaleVersion`."""
        newer = delegation.model_copy(update={"version": delegation.version + 1})
        item: dict[str, AttributeValueTypeDef] = {
            **_key(delegation.of),
            "gsi1pk": {"S": f"STANDS_IN#{delegation.to}"},
            "gsi1sk": {"S": str(delegation.last_day)},
            "version": {"N": str(newer.version)},
            "body": {"S": newer.model_dump_json()},
        }
        write: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk) OR version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(delegation.version)}},
            }
        }
        return self._outbox.commit([write], because)

    def remove(self, delegation: Delegation, because: AuditEvent) -> bool:
        """Take it back; raises `StaleVersion` when it is another by now."""
        write: TransactWriteItemTypeDef = {
            "Delete": {
                "TableName": self._table,
                "Key": _key(delegation.of),
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(delegation.version)}},
            }
        }
        return self._outbox.commit([write], because)


def _key(person: PersonId) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"DELEGATION#{person}"}, "sk": {"S": "CURRENT"}}
