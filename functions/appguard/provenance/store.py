"""Attestations in the artifacts bucket, each written once.

| object | key |
|---|---|
| envelope | attestations/app/digest/run.dsse.json |
| bill of materials it names | attestations/app/digest/run.spdx.json |
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from appguard.kernel.ids import AppId, BundleDigest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ENVELOPE, BILL = "dsse.json", "spdx.json"
THERE_ALREADY = {"PreconditionFailed", "ConditionalRequestConflict"}


@dataclass(frozen=True)
class Place:
    """Where the attestation of one run stands."""

    app_id: AppId
    digest: BundleDigest
    run: str

    def key(self, kind: str) -> str:
        """The object's key."""
        return f"{prefix(self.app_id)}{self.digest.hex}/{self.run}.{kind}"


class Attestations:
    """Envelopes and the bills of materials they name."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        """Keep them in `bucket`."""
        self._s3, self._bucket = s3, bucket

    def keep(self, place: Place, kind: str, body: bytes) -> bytes:
        """Store `body` unless something stands there already; returns what stands there now."""
        key = place.key(kind)
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*", ContentType="application/json"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in THERE_ALREADY:
                raise
            return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return body

    def find(self, place: Place, kind: str) -> bytes | None:
        """What stands there, or None."""
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=place.key(kind))["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None

    def newest(self, app_id: AppId) -> Place | None:
        """Where the app's latest attestation stands, or None."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix(app_id))
        found = [
            (item["LastModified"], item["Key"])
            for page in pages
            for item in page.get("Contents", ())
            if item["Key"].endswith(f".{ENVELOPE}")
        ]
        if not found:
            return None
        _, _, digest, name = max(found)[1].split("/")
        return Place(app_id, BundleDigest(f"sha256:{digest}"), name.removesuffix(f".{ENVELOPE}"))


def prefix(app_id: AppId) -> str:
    """Under which all attestations of an app stand."""
    return f"attestations/{app_id}/"
