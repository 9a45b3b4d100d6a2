"""The archive's bucket."""

from typing import TYPE_CHECKING

from pydantic import Field

from appguard.kernel.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ArchiveSettings(Settings):
    """Where retired apps' records are kept."""

    bucket: str = Field(alias="ARCHIVE_BUCKET")


class ArchiveStore:
    """Objects of the archive."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        """Write to `bucket`."""
        self._s3, self._bucket = s3, bucket

    def put(self, key: str, body: bytes) -> None:
        """Keep `body` under `key`."""
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
