"""Copies the ledger out of its bucket, with what the bucket knows about each object."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appguard.audit.checkpoint import size_of
from appguard.audit.objects import LATEST
from appguard.audit.tiles import reach
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import RetentionClass

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LISTING = "objects.json"
KEY_FILE = "ledger-key.pem"
AT_ONCE = 8


def export(client: "S3Client", bucket: str, key: bytes, folder: Path, clock: Clock = utc_now) -> int:
    """Write every log up to its present checkpoint, `key`, and the listing; returns how many objects.

    Versions that hide others are kept under `versions/`, for the verifier to refuse.
    """
    folder.mkdir(parents=True, exist_ok=True)
    objects: list[Mapping[str, Any]] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for log in RetentionClass:
            found = _found(client, bucket, log)
            objects += pool.map(lambda one: _download(client, bucket, one, folder), found)
    (folder / KEY_FILE).write_bytes(key)
    listing = {
        "schema": "appguard.export/v1",
        "bucket": bucket,
        "exported_at": clock().isoformat(),
        "objects": objects,
    }
    (folder / LISTING).write_text(json.dumps(listing, indent=1))
    return len(objects)


def _found(client: "S3Client", bucket: str, log: RetentionClass) -> Iterator[dict[str, Any]]:
    """Versions and delete markers of a log as far as its present checkpoint reaches.

    The checkpoint is read before the listing: what is written meanwhile lies beyond it.
    """
    size: int | None = None
    try:
        latest = client.get_object(Bucket=bucket, Key=f"{log}/{LATEST}")
    except client.exceptions.NoSuchKey:
        pass
    else:
        size = size_of(latest["Body"].read())
        yield {"Key": f"{log}/{LATEST}", "VersionId": latest["VersionId"], "IsLatest": True}
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=f"{log}/"):
        for version in page.get("Versions", ()):
            if size is None or _within(version["Key"].partition("/")[2], size):
                yield dict(version)
        for marker in page.get("DeleteMarkers", ()):
            yield {**marker, "deleted": True}


def _within(path: str, size: int) -> bool:
    """Whether the object at `path` belongs to a log of `size`; what is unknown does, to be refused."""
    if path == LATEST:
        return False
    try:
        return (int(path.rpartition("/")[2]) if path.startswith(("checkpoints/", "witness/")) else reach(path)) <= size
    except ValueError:
        return True


def _download(client: "S3Client", bucket: str, version: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    key, version_id = version["Key"], version["VersionId"]
    if version.get("deleted"):
        return {"key": key, "version_id": version_id, "deleted": True}
    answer = client.get_object(Bucket=bucket, Key=key, VersionId=version_id)
    body = answer["Body"].read()
    path = folder / (key if version["IsLatest"] else f"versions/{version_id}/{key}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    until = answer.get("ObjectLockRetainUntilDate")
    return {
        "key": key,
        "version_id": version_id,
        "sha256": hashlib.sha256(body).hexdigest(),
        "stored_at": answer["LastModified"].isoformat(),
        "retain_until": until.isoformat() if until else None,
        "lock": answer.get("ObjectLockMode"),
    }
