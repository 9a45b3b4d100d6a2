"""What the emulator forgets or loses, kept: retention of locked objects, and a state that fits together.

It writes its state on a clean stop only, objects at once, and retention never. So before a stop we note
the retention of every locked version and put it back after the next start; after a stop we copy the
state, and return to that copy when the emulator was killed: its ledger would not match its tables.
"""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from infra.local import emulator
from infra.local.places import home


class Locked(NamedTuple):
    """One version of an object and until when it must stay."""

    bucket: str
    key: str
    version: str
    mode: str
    until: str

    def put(self, s3: Any) -> None:
        """Lock it again."""
        retention = {"Mode": self.mode, "RetainUntilDate": datetime.fromisoformat(self.until)}
        s3.put_object_retention(Bucket=self.bucket, Key=self.key, VersionId=self.version, Retention=retention)


def note_locks(port: int) -> None:
    """Write down the retention of every locked version."""
    s3 = emulator.client("s3", port)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda version: _lock_of(s3, *version), _versions(s3)))
    _locks().write_text(json.dumps(found))


def restore_locks(port: int) -> None:
    """Put back what was noted; a version nobody noted gets its bucket's default."""
    s3 = emulator.client("s3", port)
    noted = [Locked(*each) for each in json.loads(_locks().read_text())] if _locks().exists() else []
    by_version = {(each.bucket, each.key, each.version): each for each in noted}
    wanted = [by_version.get(version[:3]) or _default_lock(*version) for version in _versions(s3)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda lock: lock.put(s3), wanted))


def copy_state() -> None:
    """Keep a copy of what a clean stop has written."""
    if _fits_together():
        shutil.rmtree(_copy(), ignore_errors=True)
        shutil.copytree(_state(), _copy(), ignore=shutil.ignore_patterns("tmp"))


def recover_state() -> bool:
    """Go back to the copy when the emulator was killed; says whether anything was lost."""
    if not _state().exists() or _fits_together():
        return False
    shutil.rmtree(_state())
    if _copy().exists():
        shutil.copytree(_copy(), _state())
    return True


def rewind_streams() -> None:
    """Let event sources read streams from their beginning.

    The emulator keeps how far they had read, but not the stream, and would wait until as many new
    records have passed by unread.
    """
    saved = _state() / "state" / "lambda.json"
    if saved.exists():
        functions = json.loads(saved.read_text())
        functions["payload"]["dynamodb_stream_positions"]["data"] = {}
        saved.write_text(json.dumps(functions))


def _fits_together() -> bool:
    """Whether the state was written after the last object: on a clean stop it is."""
    saved = _state() / "state" / "s3.json"
    objects = (file.stat().st_mtime for file in (_state() / "s3").rglob("*") if file.is_file())
    return saved.exists() and saved.stat().st_mtime >= max(objects, default=0)


def _versions(s3: Any) -> Iterator[tuple[str, str, str, datetime, dict[str, Any]]]:
    """Every version in every locked bucket, with its age and the bucket's default retention."""
    for bucket in (each["Name"] for each in s3.list_buckets()["Buckets"]):
        try:
            lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ObjectLockConfigurationNotFoundError":
                raise
            continue
        default = lock.get("Rule", {}).get("DefaultRetention", {"Mode": "COMPLIANCE", "Days": 1})
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for version in page.get("Versions", []):
                yield bucket, version["Key"], version["VersionId"], version["LastModified"], default


def _lock_of(s3: Any, bucket: str, key: str, version: str, at: datetime, default: dict[str, Any]) -> Locked:
    """The retention a version has."""
    try:
        found = s3.get_object_retention(Bucket=bucket, Key=key, VersionId=version)["Retention"]
    except ClientError:
        return _default_lock(bucket, key, version, at, default)
    return Locked(bucket, key, version, found["Mode"], found["RetainUntilDate"].isoformat())


def _default_lock(bucket: str, key: str, version: str, at: datetime, default: dict[str, Any]) -> Locked:
    """The retention a bucket gives."""
    days = default.get("Days") or 365 * default["Years"]
    return Locked(bucket, key, version, default["Mode"], (at + timedelta(days=days)).isoformat())


def _state() -> Path:
    return home() / "aws"


def _copy() -> Path:
    return home() / "aws.copy"


def _locks() -> Path:
    return _state() / "locks.json"
