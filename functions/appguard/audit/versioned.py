"""Rows that count their versions: who writes one must have seen the version before it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef


def next_version(
    table: str, item: "Mapping[str, AttributeValueTypeDef]", seen: int
) -> "TransactWriteItemTypeDef":
    """The write of `item` in place of its version `seen`; of the first, 0, nothing may be there.

    `Outbox.commit` raises `StaleVersion` when another version is.
    """
    write: TransactWriteItemTypeDef = {
        "Put": {
            "TableName": table,
            "Item": {**item, "version": {"N": str(seen + 1)}},
            "ConditionExpression": "version = :seen" if seen else "attribute_not_exists(pk)",
        }
    }
    if seen:
        write["Put"]["ExpressionAttributeValues"] = {":seen": {"N": str(seen)}}
    return write
