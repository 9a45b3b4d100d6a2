"""The index's bucket: segments as objects, read in parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from appguard.audit.search.fact import EPOCH, Fact, Per
from appguard.audit.search.filters import Filters
from appguard.audit.search.place import Cursor
from appguard.audit.search.segments import Segment, current, folders
from appguard.audit.search.table import Tables
from appguard.kernel.duck import duck
from appguard.kernel.event import RetentionClass

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SCHEME = "segment"
READERS = 8
"""Threads: they wait for objects most of the time."""


@dataclass(frozen=True)
class SegmentStore:
    """Segments in `bucket`."""

    client: "S3Client"
    bucket: str

    def segments(self, log: RetentionClass) -> list[Segment]:
        """The segments of a log that count."""
        keys = (key for folder in folders(log) for key in self._keys(folder))
        return current(segment for segment in map(Segment.named, keys) if segment)

    def fetch(self, segment: Segment, file: Path) -> None:
        """Copy a segment to `file`."""
        file.write_bytes(self.client.get_object(Bucket=self.bucket, Key=segment.key)["Body"].read())

    def put(self, segment: Segment, file: Path) -> None:
        """Keep `file` as this segment."""
        self.client.put_object(Bucket=self.bucket, Key=segment.key, Body=file.read_bytes())

    def newest(
        self, segments: Sequence[Segment], filters: Filters, before: Cursor | None, limit: int
    ) -> list[Cursor]:
        """The newest hits in these segments."""
        return self._tables.newest(self._paths(segments), filters, before, limit) if segments else []

    def latest(self, segments: Sequence[Segment], filters: Filters, per: Per) -> list[Fact]:
        """The latest hit of each resource or actor in these segments."""
        return self._tables.latest(self._paths(segments), filters, per) if segments else []

    def _paths(self, segments: Sequence[Segment]) -> list[str]:
        return [f"{SCHEME}://{self.bucket}/{segment.key}" for segment in segments]

    def facts(self, segments: Sequence[Segment], filters: Filters, told: Sequence[str]) -> Iterator[Fact]:
        """Every hit in these segments; with its text where its action is one of `told`."""
        return self._tables.facts(self._paths(segments), filters, told) if segments else iter(())

    def _keys(self, folder: str) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=folder)
        for page in pages:
            for one in page.get("Contents", ()):
                self._objects.sizes[one["Key"]] = one["Size"]
                yield one["Key"]

    @cached_property
    def _objects(self) -> "_Objects":
        return _Objects(self.client, self.bucket)

    @cached_property
    def _tables(self) -> Tables:
        database = duck(f"{SCHEME}://{self.bucket}", threads=READERS)
        database.register_filesystem(self._objects)
        return Tables(database)


class _Objects(AbstractFileSystem):  # type: ignore[misc]
    """Lets DuckDB read the parts of listed objects it needs, with the credentials of the function."""

    protocol = SCHEME
    cachable = False

    def __init__(self, client: "S3Client", bucket: str) -> None:
        super().__init__()
        self.client, self.bucket = client, bucket
        self.sizes: dict[str, int] = {}

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": self.sizes[self.key(path)], "type": "file"}

    def key(self, path: str) -> str:
        return str(self._strip_protocol(path)).removeprefix(f"{self.bucket}/")

    def modified(self, path: str) -> datetime:
        return EPOCH  # an object never changes under its name

    def _open(self, path: str, mode: str = "rb", **_: Any) -> "_Object":
        return _Object(self, path, mode, cache_type="none")


class _Object(AbstractBufferedFile):  # type: ignore[misc]
    """One object."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        body = self.fs.client.get_object(
            Bucket=self.fs.bucket, Key=self.fs.key(self.path), Range=f"bytes={start}-{end - 1}"
        )["Body"]
        return bytes(body.read())
