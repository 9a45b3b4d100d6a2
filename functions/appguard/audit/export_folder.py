"""The listing of an export: a line about the export, then one about each object, in the order of keys.

While an export is being made its listing has another name; what it has by then is kept when the
export goes on.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from appguard.kernel.errors import Invalid

LISTING = "objects.jsonl"
UNFINISHED = "objects.jsonl.part"
KEY_FILE = "ledger-key.pem"
SCHEMA = "appguard.export/v2"

Row = Mapping[str, Any]
"""What the bucket said of an object."""


class Former:
    """The finished export a folder already holds, if any; asked in the order of keys."""

    def __init__(self, folder: Path, bucket: str) -> None:
        """Raises `Invalid` if it is an export of something else."""
        self.reused = 0
        self._folder = folder
        self._rows = _lines(folder / LISTING, bucket)
        self._next = next(self._rows, None)

    def row(self, version: Row) -> Row | None:
        """The row of this very version, whose object is here; None when it has to be fetched."""
        while self._next and self._next["key"] < version["Key"]:
            self._next = next(self._rows, None)
        known = self._next
        if not known or known["key"] != version["Key"] or known["version_id"] != version["VersionId"]:
            return None
        if not version.get("IsLatest") or not (self._folder / known["key"]).is_file():
            return None
        self.reused += 1
        return known


class Journal:
    """The listing that is being written; begins with what an interrupted export had written of it."""

    def __init__(self, folder: Path, bucket: str, now: datetime) -> None:
        """`now` is when the export began, unless it began earlier."""
        self._path = folder / UNFINISHED
        self._done = folder / LISTING
        self.count, self.last, self._kept = 0, "", 0
        self._begun: set[str] = set()
        self._resume(bucket)
        self._file = self._path.open("r+b" if self._kept else "wb")
        self._file.seek(self._kept)
        self._file.truncate()
        if not self._kept:
            self._write({"schema": SCHEMA, "bucket": bucket, "exported_at": now.isoformat()})

    def _resume(self, bucket: str) -> None:
        """Keep whole lines, but those of the last key: it may have versions that are not listed yet."""
        before = ""
        for row in _lines(self._path, bucket):
            if row["key"] != before:
                self.last, before = before, row["key"]
        at = 0
        for line in self._path.open("rb") if before else ():
            row = json.loads(line)
            if row.get("key", "") > self.last:
                break
            at += len(line)
            if "key" in row:
                self.count += 1
                if row["key"].endswith("/checkpoint"):
                    self._begun.add(row["key"])
        self._kept = at

    def has(self, key: str) -> bool:
        """Whether the log's checkpoint `key` was exported before the export was interrupted."""
        return key in self._begun

    def add(self, row: Row) -> None:
        """Add an object that is in the folder."""
        self._write(row)
        self.count += 1

    def _write(self, row: Row) -> None:
        self._file.write(json.dumps(row).encode() + b"\n")

    def finish(self) -> None:
        """Everything is there: this is the folder's listing now."""
        self._file.close()
        self._path.replace(self._done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def holds_export(folder: Path) -> bool:
    """Whether an export was made, or begun, in this folder."""
    return any((folder / name).is_file() for name in (LISTING, UNFINISHED))


def _lines(path: Path, bucket: str) -> Iterator[Row]:
    """The rows of a listing as far as its lines are whole."""
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("rb") as file:
        try:
            about = json.loads(file.readline())
            if (about["schema"], about["bucket"]) != (SCHEMA, bucket):
                raise Invalid(f"{path} is of another kind or bucket", "Export into a new folder.")
            for line in file:
                if line.endswith(b"\n"):
                    yield json.loads(line)
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid(f"{path} is damaged", "Export into a new folder.") from error
