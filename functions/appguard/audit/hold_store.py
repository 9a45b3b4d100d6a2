"""Holds in the ledger's table, and on the objects of its bucket."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appguard.audit.holds import Hold
from appguard.audit.objects import first_version
from appguard.kernel.errors import NotFound

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef
    from mypy_boto3_s3 import S3Client

HOLDS = "HOLDS"


def hold_key(name: str) -> "dict[str, AttributeValueTypeDef]":
    """Key of a hold's row."""
    return {"pk": {"S": HOLDS}, "sk": {"S": name}}


class HoldStore:
    """One row a hold in force."""

    def __init__(self, dynamodb: "DynamoDBClient", ledger: str, s3: "S3Client", bucket: str) -> None:
        """`ledger` is the table, `bucket` holds the objects."""
        self._dynamodb, self._ledger, self._s3, self._bucket = dynamodb, ledger, s3, bucket

    def add(self, hold: Hold) -> "TransactWriteItemTypeDef":
        """The write that puts a hold in force."""
        return {
            "Put": {
                "TableName": self._ledger,
                "Item": {**hold_key(hold.name), "body": {"S": hold.model_dump_json()}},
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def remove(self, hold: Hold) -> "TransactWriteItemTypeDef":
        """The write that ends it."""
        return {
            "Delete": {
                "TableName": self._ledger,
                "Key": hold_key(hold.name),
                "ConditionExpression": "attribute_exists(pk)",
            }
        }

    def find(self, name: str) -> Hold | None:
        """A hold in force by its name."""
        answer = self._dynamodb.get_item(TableName=self._ledger, Key=hold_key(name), ConsistentRead=True)
        return Hold.model_validate_json(answer["Item"]["body"]["S"]) if "Item" in answer else None

    def in_force(self) -> Iterator[Hold]:
        """All holds in force."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._ledger,
            ConsistentRead=True,
            KeyConditionExpression="pk = :holds",
            ExpressionAttributeValues={":holds": {"S": HOLDS}},
        )
        for page in pages:
            for item in page["Items"]:
                yield Hold.model_validate_json(item["body"]["S"])

    def set_hold(self, key: str, *, on: bool) -> None:
        """Put S3's legal hold on an object as it was first written, or take it off."""
        version = first_version(self._s3, self._bucket, key)
        if version is None:
            raise NotFound(f"{key} is missing from the ledger", "Export and verify the ledger.")
        self._s3.put_object_legal_hold(
            Bucket=self._bucket, Key=key, VersionId=version, LegalHold={"Status": "ON" if on else "OFF"}
        )
