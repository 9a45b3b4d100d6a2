"""Copies the ledger out of its bucket, with what the bucket knows about each object.

An export that was interrupted goes on where it stopped; one made into the folder of an earlier one
fetches what is new.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from appguard.audit.checkpoint import size_of
from appguard.audit.export_folder import KEY_FILE, Former, Journal, Row
from appguard.audit.objects import LATEST
from appguard.audit.tiles import reach
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import RetentionClass

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AT_ONCE = 8
WAITING = 64
SIGNED = ("checkpoints/", "witness/")


class Exported(NamedTuple):
    """How many objects the folder holds, and how many of them were fetched for it now."""

    objects: int
    fetched: int


def export(
    client: "S3Client",
    bucket: str,
    key: bytes,
    folder: Path,
    clock: Clock = utc_now,
    tell: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write every log up to its present checkpoint, `key`, and the listing; `tell` hears of each object.

    Versions that hide others are kept under `versions/`, for the verifier to refuse.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fetch, former = partial(_download, client, bucket, folder), Former(folder, bucket)
    with Journal(folder, bucket, clock()) as journal, ThreadPoolExecutor(AT_ONCE) as pool:
        had = journal.count
        for log in RetentionClass:
            versions = _found(client, bucket, log, folder if journal.has(f"{log}/{LATEST}") else None)
            wanted = (one for one in versions if one["Key"] > journal.last)
            for row in _in_order(pool, fetch, former, wanted):
                journal.add(row)
                tell(journal.count)
        (folder / KEY_FILE).write_bytes(key)
        journal.finish()
    return Exported(journal.count, journal.count - had - former.reused)


def _in_order(
    pool: ThreadPoolExecutor,
    fetch: Callable[[Mapping[str, Any]], Row],
    former: Former,
    versions: Iterable[Mapping[str, Any]],
) -> Iterator[Row]:
    """The rows of `versions`, a few of which are being fetched at any time."""
    waiting: deque[Callable[[], Row]] = deque()
    for version in versions:
        row = former.row(version)
        waiting.append((lambda row=row: row) if row else pool.submit(fetch, version).result)  # type: ignore[misc]
        if len(waiting) > WAITING:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()


def _found(
    client: "S3Client", bucket: str, log: RetentionClass, begun: Path | None
) -> Iterator[Mapping[str, Any]]:
    """Versions and delete markers as far as the log's present checkpoint reaches.

    The checkpoint is read before the listing: what is written meanwhile lies beyond it. An export that
    was `begun` in a folder has its checkpoint, and ends there.
    """
    latest = f"{log}/{LATEST}"
    size, version_id = _size(begun / latest) if begun else _now(client, bucket, latest)
    for version in _versions(client, bucket, f"{log}/"):
        key = version["Key"]
        if key == latest and not version.get("deleted"):
            if version["VersionId"] == version_id:
                yield {**version, "IsLatest": True}
        elif version.get("deleted") or size is None or _within(key.partition("/")[2], size):
            yield version


def _size(checkpoint: Path) -> tuple[int | None, str]:
    return size_of(checkpoint.read_bytes()), ""


def _now(client: "S3Client", bucket: str, latest: str) -> tuple[int | None, str]:
    """Size and version of the checkpoint a log has now."""
    try:
        found = client.get_object(Bucket=bucket, Key=latest)
    except client.exceptions.NoSuchKey:
        return None, ""
    return size_of(found["Body"].read()), found["VersionId"]


def _versions(client: "S3Client", bucket: str, below: str) -> Iterator[Mapping[str, Any]]:
    """Delete markers and versions in the order of their keys, the oldest of each key first."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=below):
        markers = [{**one, "deleted": True} for one in page.get("DeleteMarkers", ())]
        newest_first = page.get("Versions", [])
        both: list[Mapping[str, Any]] = [*markers, *reversed(newest_first)]
        yield from sorted(both, key=itemgetter("Key"))


def _within(path: str, size: int) -> bool:
    """Whether the object at `path` belongs to a log of `size`; what is unknown does, to be refused."""
    try:
        return (int(path.rpartition("/")[2]) if path.startswith(SIGNED) else reach(path)) <= size
    except ValueError:
        return True


def _download(client: "S3Client", bucket: str, folder: Path, version: Mapping[str, Any]) -> Row:
    key, version_id = version["Key"], version["VersionId"]
    if version.get("deleted"):
        return {"key": key, "version_id": version_id, "deleted": True}
    answer = client.get_object(Bucket=bucket, Key=key, VersionId=version_id)
    body = answer["Body"].read()
    path = folder / (key if version["IsLatest"] else f"versions/{version_id}/{key}")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.fetching")
    part.write_bytes(body)
    part.replace(path)
    until = answer.get("ObjectLockRetainUntilDate")
    return {
        "key": key,
        "version_id": version_id,
        "sha256": hashlib.sha256(body).hexdigest(),
        "stored_at": answer["LastModified"].isoformat(),
        "retain_until": until.isoformat() if until else None,
        "lock": answer.get("ObjectLockMode"),
    }
