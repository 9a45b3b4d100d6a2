"""Where policies are kept: archives and comparisons in the artifacts bucket, the rest in the catalog's table.

| item | pk | sk |
|---|---|---|
| the one candidate | POLICY | CANDIDATE |
| what is in force | POLICY | PUBLISHED |
"""

from datetime import UTC
from typing import TYPE_CHECKING

from appguard.audit.outbox import Outbox
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent
from appguard.policy.archive import MAX_BYTES
from appguard.policy.candidate import Candidate, Published

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef
    from mypy_boto3_s3 import S3Client

    from appguard.policy.comparison import Asked, Comparing


class PolicyStore:
    """Policy bundles, the candidate and what is published."""

    def __init__(
        self, dynamodb: "DynamoDBClient", s3: "S3Client", outbox: Outbox, table: str, bucket: str
    ) -> None:
        """Work on `table` and `bucket`, writing events through `outbox`."""
        self._dynamodb, self._s3, self._outbox = dynamodb, s3, outbox
        self._table, self._bucket = table, bucket

    def put_archive(self, digest: str, packed: bytes) -> None:
        """Keep an archive under its digest. It decides nothing before two people have agreed on it."""
        self._s3.put_object(
            Bucket=self._bucket, Key=_archive(digest), Body=packed, ContentType="application/zip"
        )

    def archive(self, digest: str) -> bytes:
        """The archive of this digest, as stored: whoever unpacks it checks it. Raises `NotFound`."""
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=_archive(digest))["Body"]
        except self._s3.exceptions.NoSuchKey:
            raise NotFound(f"there are no policies {digest}") from None
        return body.read(MAX_BYTES + 1)

    def candidate(self) -> Candidate | None:
        """What waits for a second person."""
        body = self._body("CANDIDATE")
        return Candidate.model_validate_json(body) if body else None

    def published(self) -> Published | None:
        """What is in force, read consistently; None where the deployed policies are."""
        body = self._body("PUBLISHED")
        return Published.model_validate_json(body) if body else None

    def propose(self, candidate: Candidate, because: AuditEvent) -> None:
        """Raises `StaleVersion` while another candidate waits."""
        self._outbox.commit([self._put("CANDIDATE", candidate, "attribute_not_exists(pk)")], because)

    def publish(self, published: Published, because: AuditEvent) -> None:
        """The candidate comes into force; raises `StaleVersion` if it is not the candidate any more."""
        self._outbox.commit([self._put("PUBLISHED", published), self._drop(published.candidate)], because)

    def withdraw(self, candidate: Candidate, because: AuditEvent) -> None:
        """The candidate is dropped; raises `StaleVersion` if it is not the candidate any more."""
        self._outbox.commit([self._drop(candidate)], because)

    def refuse_access(self, because: AuditEvent) -> None:
        """Record an attempt that was not allowed."""
        self._outbox.record(because)

    def _body(self, name: str) -> str | None:
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(name), ConsistentRead=True)
        return found["Item"]["body"]["S"] if "Item" in found else None

    def _put(
        self, name: str, record: Candidate | Published, condition: str = ""
    ) -> "TransactWriteItemTypeDef":
        item: dict[str, AttributeValueTypeDef] = {**_key(name), "body": {"S": record.model_dump_json()}}
        extra = {"ConditionExpression": condition} if condition else {}
        return {"Put": {"TableName": self._table, "Item": item, **extra}}  # type: ignore[typeddict-item]

    def _drop(self, candidate: Candidate) -> "TransactWriteItemTypeDef":
        return {
            "Delete": {
                "TableName": self._table,
                "Key": _key("CANDIDATE"),
                "ConditionExpression": "body = :seen",
                "ExpressionAttributeValues": {":seen": {"S": candidate.model_dump_json()}},
            }
        }


class ComparisonStore:
    """Comparisons, as JSON, by the two versions and the moment of asking."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        """Keep comparisons in `bucket`."""
        self._s3, self._bucket = s3, bucket

    def save(self, comparing: "Comparing") -> None:
        """How the comparison stands now."""
        body = comparing.model_dump_json().encode()
        key = _comparison(comparing.asked)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")

    def get(self, asked: "Asked") -> bytes | None:
        """How this very comparison stands."""
        try:
            return self._read(_comparison(asked))
        except self._s3.exceptions.NoSuchKey:
            return None

    def latest(self, before: str, after: str) -> bytes | None:
        """The comparison of these two versions that was asked for last."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=_comparisons(before, after)
        )
        newest = max((entry["Key"] for page in pages for entry in page.get("Contents", ())), default=None)
        return self._read(newest) if newest else None

    def _read(self, key: str) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()


def _key(name: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": "POLICY"}, "sk": {"S": name}}


def _archive(digest: str) -> str:
    return f"policies/{digest.removeprefix('sha256:')}.zip"


def _comparisons(before: str, after: str) -> str:
    return f"comparisons/{before.removeprefix('sha256:')}/{after.removeprefix('sha256:')}/"


def _comparison(asked: "Asked") -> str:
    """Keys of the same two versions sort by moment."""
    moment = f"{asked.moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
    return f"{_comparisons(asked.before, asked.after)}{moment}.json"
