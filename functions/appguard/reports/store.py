"""Where reports are kept: files in the ledger's bucket under its lock, the list of them in the catalog."""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from appguard.audit.objects import LedgerObjects, written_first
from appguard.audit.outbox import Outbox
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent, RetentionClass
from appguard.reports.shelved import Locator, Shelved, content_type

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

KEPT = RetentionClass.SEVEN_YEARS
SHELF, LINK = "REPORTS", "REPORTLINK#"
"""Partitions of the catalog's table; `infra/access.py` lets functions write those that begin with REPORT."""
LINK_SECONDS = 60


def shelf_key(report_id: str) -> dict[str, Any]:
    """Key of what is known of one report."""
    return {"pk": {"S": SHELF}, "sk": {"S": report_id}}


def link_key(token: str) -> dict[str, Any]:
    """Key of a link; the table knows a digest of its token, not the token."""
    return {"pk": {"S": LINK + hashlib.sha256(token.encode()).hexdigest()}, "sk": {"S": "LINK"}}


class ReportStore:
    """Reports and the links to them."""

    def __init__(
        self, s3: "S3Client", dynamodb: "DynamoDBClient", outbox: Outbox, bucket: str, table: str
    ) -> None:
        """`bucket` is the ledger's, `table` the catalog's."""
        self._s3, self._dynamodb, self._outbox = s3, dynamodb, outbox
        self._bucket, self._table = bucket, table

    def put(self, shelved: Shelved, files: dict[str, bytes], because: AuditEvent) -> bool:
        """Store the files, then say so in one transaction with the event; False if the report was there."""
        objects = LedgerObjects(self._s3, self._bucket)
        for name, body in files.items():
            objects.put_once(KEPT, shelved.key(name), body)
        row = {**shelf_key(shelved.report_id), "body": {"S": shelved.model_dump_json()}}
        condition = "attribute_not_exists(pk)"
        put: Any = {"Put": {"TableName": self._table, "Item": row, "ConditionExpression": condition}}
        return self._outbox.commit([put], because)

    def find(self, report_id: str) -> Shelved | None:
        """One report, if it is made."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=shelf_key(report_id), ConsistentRead=True)
        return _shelved(answer["Item"]) if "Item" in answer else None

    def all(self) -> list[Shelved]:
        """Every report, the latest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :shelf",
            ExpressionAttributeValues={":shelf": {"S": SHELF}},
        )
        found = [_shelved(item) for page in pages for item in page["Items"]]
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    def body(self, shelved: Shelved, name: str) -> bytes:
        """One file as it was stored first; raises `NotFound`."""
        found = written_first(self._s3, self._bucket, shelved.key(name)) if name in shelved.sizes else None
        if found is None:
            raise NotFound(f"the report {shelved.report_id} has no file {name!r:.80}")
        return found

    def address(self, shelved: Shelved, name: str) -> str:
        """Where this file can be fetched for a minute, without signing in; raises `NotFound`."""
        if name not in shelved.sizes:
            raise NotFound(f"the report {shelved.report_id} has no file {name!r:.80}")
        saved_as = f"{shelved.report_id}-{name.replace('/', '-')}"
        return self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": shelved.key(name),
                "ResponseContentType": content_type(name),
                "ResponseContentDisposition": f'attachment; filename="{saved_as}"',
            },
            ExpiresIn=LINK_SECONDS,
        )

    def put_link(self, token: str, locator: Locator) -> None:
        """Remember where a link leads; the table forgets it a day after it ends."""
        expires = int((locator.until + timedelta(days=1)).timestamp())
        row = {**link_key(token), "body": {"S": locator.model_dump_json()}, "expires": {"N": str(expires)}}
        self._dynamodb.put_item(TableName=self._table, Item=row)

    def link(self, token: str) -> Locator | None:
        """Where a link leads."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=link_key(token))
        return Locator.model_validate_json(answer["Item"]["body"]["S"]) if "Item" in answer else None


def _shelved(item: Any) -> Shelved:
    return Shelved.model_validate_json(item["body"]["S"])
