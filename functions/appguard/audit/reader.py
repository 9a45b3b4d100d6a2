"""Reading a ledger, in its bucket or exported: entries, search, proofs."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appguard.audit.checkpoint import size_of
from appguard.audit.merkle import inclusion_path
from appguard.audit.objects import LATEST, written_first
from appguard.audit.tiles import WIDTH, node_reader, tile_path, unbundle
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent, RetentionClass
from appguard.kernel.ids import EventId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Entry:
    """One entry of a log and its place."""

    log: RetentionClass
    index: int
    body: bytes

    @property
    def event(self) -> AuditEvent:
        """The event the entry holds."""
        return AuditEvent.model_validate_json(self.body)


class Reader:
    """A ledger whose objects `get` gives, or None where there is none."""

    def __init__(self, get: Callable[[str], bytes | None]) -> None:
        """`get` takes a key such as `3y/checkpoint`."""
        self.get = get

    def checkpoint(self, log: RetentionClass) -> bytes | None:
        """The log's signed head; None when it has no entries yet."""
        return self.get(f"{log}/{LATEST}")

    def size(self, log: RetentionClass) -> int:
        """How many entries the log's present checkpoint signs."""
        note = self.checkpoint(log)
        return size_of(note) if note else 0

    def entries(self) -> Iterator[Entry]:
        """All entries of all logs, each log in its order."""
        for log in RetentionClass:
            size = self.size(log)
            for start in range(0, size, WIDTH):
                yield from self.bundle(log, start, size)

    def entry(self, log: RetentionClass, index: int) -> Entry | None:
        """One entry by its place; None beyond what the log's present checkpoint signs."""
        size = self.size(log)
        return self.bundle(log, index, size)[index % WIDTH] if index < size else None

    def bundle(self, log: RetentionClass, index: int, size: int) -> list[Entry]:
        """The entry at `index` and its neighbours in one object, of the log when it had `size` entries."""
        start = index - index % WIDTH
        path = tile_path("entries", start // WIDTH, min(WIDTH, size - start))
        bodies = unbundle(self._object(log, path))
        return [Entry(log, start + offset, body) for offset, body in enumerate(bodies)]

    def prove(self, event_id: EventId) -> dict[str, Any]:
        """A proof, small and complete, that the event is in the signed log."""
        needle = f'"event_id":"{event_id}"'.encode()
        entry = next((entry for entry in self.entries() if needle in entry.body), None)
        if entry is None:
            raise NotFound(f"no entry for {event_id}", "It may not be sealed yet; ask again in a minute.")
        return self.proof(entry)

    def proof(self, entry: Entry) -> dict[str, Any]:
        """A proof that this entry is in the signed log."""
        note = self.checkpoint(entry.log)
        if note is None:
            raise NotFound(f"the log {entry.log} has no checkpoint")
        node = node_reader(size_of(note), cache(lambda path: self._object(entry.log, path)))
        path = inclusion_path(entry.index, size_of(note), node)
        return {
            "schema": "appguard.proof/v1",
            "index": entry.index,
            "entry": entry.body.decode(),
            "path": [base64.b64encode(step).decode() for step in path],
            "checkpoint": note.decode(),
        }

    def _object(self, log: RetentionClass, path: str) -> bytes:
        body = self.get(f"{log}/{path}")
        if body is None:
            raise NotFound(f"{log}/{path} is missing from the ledger", "Export and verify the ledger.")
        return body


def remembering(reader: Reader) -> Reader:
    """The same ledger as of now, each object fetched once: for many questions in a row."""
    return Reader(cache(reader.get))


def in_folder(folder: Path) -> Reader:
    """The ledger exported to `folder`."""

    def get(key: str) -> bytes | None:
        path = folder / key
        return path.read_bytes() if path.is_file() else None

    return Reader(get)


def in_bucket(client: "S3Client", bucket: str) -> Reader:
    """The ledger in `bucket`."""

    def get(key: str) -> bytes | None:
        if not key.endswith(f"/{LATEST}"):
            return written_first(client, bucket, key)
        try:
            return client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except client.exceptions.NoSuchKey:
            return None

    return Reader(get)
