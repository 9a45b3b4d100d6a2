"""The ledger's objects: written once, under Object Lock, for as long as their class says."""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from appguard.audit.checkpoint import size_of
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Unavailable
from appguard.kernel.event import RetentionClass

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import PutObjectRequestTypeDef

LATEST = "checkpoint"
ATTEMPTS = 10
TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}


class LedgerObjects:
    """Puts and gets in the ledger bucket."""

    def __init__(self, client: "S3Client", bucket: str, clock: Clock = utc_now) -> None:
        """`clock` decides until when an object is locked."""
        self._client = client
        self._bucket = bucket
        self._clock = clock

    def get(self, key: str) -> bytes | None:
        """What was written under `key`; None when nothing was. Not for `checkpoint`, which moves on."""
        return written_first(self._client, self._bucket, key)

    def latest(self, log: RetentionClass) -> bytes | None:
        """The log's present checkpoint; None when it has no entries yet."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=f"{log}/{LATEST}")["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None

    def put_once(self, log: RetentionClass, key: str, body: bytes) -> bytes:
        """Store `body` unless the key is taken; returns what the key holds."""
        for _ in range(ATTEMPTS):
            if self._put(log, key, body):
                return body
            if (stored := self.get(key)) is not None:
                return stored
        raise Unavailable(f"{key} can be neither written nor read")

    def put_batch(self, log: RetentionClass, body: bytes) -> str:
        """Store entries under their digest, before anything refers to them."""
        digest = hashlib.sha256(body).hexdigest()
        self.put_once(log, batch_key(log, digest), body)
        return digest

    def put_latest(self, log: RetentionClass, note: bytes) -> None:
        """Make `note` the log's `checkpoint` unless a later one is there."""
        key = f"{log}/{LATEST}"
        for _ in range(ATTEMPTS):
            try:
                current = self._client.get_object(Bucket=self._bucket, Key=key)
            except self._client.exceptions.NoSuchKey:
                if self._put(log, key, note):
                    return
                continue
            if size_of(current["Body"].read()) >= size_of(note):
                return
            if self._put(log, key, note, replaces=current["ETag"]):
                return
        raise Unavailable(f"{key} changes too often")

    def _put(self, log: RetentionClass, key: str, body: bytes, replaces: str | None = None) -> bool:
        """Write where nothing is, or over the version tagged `replaces`; whether that was so."""
        request: PutObjectRequestTypeDef = {
            "Bucket": self._bucket,
            "Key": key,
            "Body": body,
            "ChecksumAlgorithm": "SHA256",
            "ObjectLockMode": "COMPLIANCE",
            "ObjectLockRetainUntilDate": kept_until(self._clock(), log),
        }
        if replaces:
            request["IfMatch"] = replaces
        else:
            request["IfNoneMatch"] = "*"
        try:
            self._client.put_object(**request)
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in TAKEN:
                raise
            return False
        return True


def written_first(client: "S3Client", bucket: str, key: str) -> bytes | None:
    """The version of `key` that was there first, or None.

    Object Lock keeps it, but does not stop a later version from hiding it; readers are not deceived.
    """
    version = first_version(client, bucket, key)
    if version is None:
        return None
    return client.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read()


def first_version(client: "S3Client", bucket: str, key: str) -> str | None:
    """The version of `key` that was there first; None when nothing was ever written there."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    versions = [one["VersionId"] for page in pages for one in page.get("Versions", ()) if one["Key"] == key]
    return versions[-1] if versions else None


def batch_key(log: RetentionClass, digest: str) -> str:
    """Where the bytes of a batch lie; outside the log's own folder, which is plain tlog-tiles."""
    return f"batches/{log}/{digest}"


def kept_until(now: datetime, log: RetentionClass) -> datetime:
    """End of retention: the class's years of 366 days, so that no leap year shortens them."""
    return now + timedelta(days=366 * log.years)
