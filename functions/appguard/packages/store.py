"""Knowledge of packages in the artifacts bucket: advisories, what is known of a requirements.txt, the files.

Everything under `packages/` is written by the functions of this context alone.
"""

from typing import TYPE_CHECKING

from appguard.packages.model import Resolution

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

INDEX = "packages/advisories.zip"
PLACE_SECONDS = 300


class PackageStore:
    """What is known of packages, and what somebody would like to know."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        """Keep it in `bucket`."""
        self._s3, self._bucket = s3, bucket

    def index(self) -> bytes | None:
        """The index of advisories as the last sync wrote it."""
        return self._read(INDEX)

    def save_index(self, data: bytes) -> None:
        """Replace the index."""
        self._s3.put_object(Bucket=self._bucket, Key=INDEX, Body=data, ContentType="application/zip")

    def resolution(self, digest: str) -> Resolution | None:
        """What is known of the requirements.txt of that digest."""
        found = self._read(f"packages/resolutions/{digest}.json")
        return Resolution.model_validate_json(found) if found else None

    def save_resolution(self, digest: str, known: Resolution) -> None:
        """Replace it."""
        key, body = f"packages/resolutions/{digest}.json", known.model_dump_json().encode()
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")

    def wheel(self, digest: str) -> bytes | None:
        """The wheel of that digest."""
        return self._read(f"packages/wheels/{digest}")

    def keep_wheel(self, digest: str, content: bytes) -> None:
        """Keep a wheel that was verified."""
        self._s3.put_object(Bucket=self._bucket, Key=f"packages/wheels/{digest}", Body=content)

    def keep_installed(self, digest: str, archive: bytes) -> None:
        """Keep the archive of an app's packages."""
        self._s3.put_object(
            Bucket=self._bucket, Key=_installed(digest), Body=archive, ContentType="application/zip"
        )

    def place(self, digest: str) -> str:
        """An address of that archive, good for one reader without rights and for some minutes."""
        wanted = {"Bucket": self._bucket, "Key": _installed(digest)}
        return self._s3.generate_presigned_url("get_object", Params=wanted, ExpiresIn=PLACE_SECONDS)

    def _read(self, key: str) -> bytes | None:
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None


def _installed(digest: str) -> str:
    return f"packages/installed/{digest}.zip"
