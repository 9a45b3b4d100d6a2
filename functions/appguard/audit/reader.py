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

WITNESSED = "witness"

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


Place = tuple[RetentionClass, int]
"""A log, and an entry's number in it."""


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


Get = Callable[[str], bytes | None]
"""The object of a key, or None."""

Cosigned = Callable[[RetentionClass, int], str | None]
"""The key of a checkpoint that a witness saw and that covers an entry of a log, or None."""


class Reader:
    """A ledger whose objects `get` gives, or None where there is none."""

    def __init__(self, get: Get, cosigned: Cosigned = lambda _log, _index: None) -> None:
        """`get` takes a key such as `3y/checkpoint`; `cosigned` gives the key of a witness's checkpoint."""
        self.get = get
        self.cosigned = cosigned

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
            yield from self.since(log, 0)

    def since(self, log: RetentionClass, first: int) -> Iterator[Entry]:
        """The entries of a log from place `first` up to its present checkpoint."""
        for start, raw in self._bundles(log, first):
            for offset, body in enumerate(unbundle(raw)):
                if start + offset >= first:
                    yield Entry(log, start + offset, body)

    def _bundles(self, log: RetentionClass, first: int = 0) -> Iterator[tuple[int, bytes]]:
        """Each bundle, from the one on that holds entry `first`, with the number of its own first entry."""
        size = self.size(log)
        for start in range(first - first % WIDTH, size, WIDTH):
            path = tile_path("entries", start // WIDTH, min(WIDTH, size - start))
            yield start, self._object(log, path)

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

    def prove(self, event_id: EventId, place: Place | None = None) -> dict[str, Any]:
        """A proof, small and complete, that the event is in the signed log.

        `place` is where an index says it is; without, or when that is wrong, all logs are read.
        """
        entry = self.entry(*place) if place else None
        if entry is None or not _is(entry.body, event_id):
            entry = self._find(event_id)
        return self.proof(entry)

    def _find(self, event_id: EventId) -> Entry:
        for log in RetentionClass:
            for start, raw in self._bundles(log):
                if event_id.encode() in raw:  # most bundles need not be taken apart
                    for offset, body in enumerate(unbundle(raw)):
                        if _is(body, event_id):
                            return Entry(log, start + offset, body)
        raise NotFound(f"no entry for {event_id}", "It may not be sealed yet; ask again in a minute.")

    def proof(self, entry: Entry) -> dict[str, Any]:
        """A proof that this entry is in the signed log, as a witness saw it if one did."""
        cosigned = self.cosigned(entry.log, entry.index)
        note = self.get(cosigned) if cosigned else self.checkpoint(entry.log)
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


def _is(body: bytes, event_id: EventId) -> bool:
    return f'"event_id":"{event_id}"'.encode() in body


def remembering(reader: Reader) -> Reader:
    """The same ledger as of now, each object fetched once: for many questions in a row."""
    return Reader(cache(reader.get), reader.cosigned)


def in_folder(folder: Path) -> Reader:
    """The ledger exported to `folder`."""

    def get(key: str) -> bytes | None:
        path = folder / key
        return path.read_bytes() if path.is_file() else None

    def cosigned(log: RetentionClass, index: int) -> str | None:
        names = (path.name for path in (folder / log / WITNESSED).glob("*"))
        name = min((name for name in names if name > f"{index:020d}"), default=None)
        return name and f"{log}/{WITNESSED}/{name}"

    return Reader(get, cosigned)


def in_bucket(client: "S3Client", bucket: str) -> Reader:
    """The ledger in `bucket`."""

    def get(key: str) -> bytes | None:
        if not key.endswith(f"/{LATEST}"):
            return written_first(client, bucket, key)
        try:
            return client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except client.exceptions.NoSuchKey:
            return None

    def cosigned(log: RetentionClass, index: int) -> str | None:
        below = f"{log}/{WITNESSED}/"
        found = client.list_objects_v2(
            Bucket=bucket, Prefix=below, StartAfter=f"{below}{index:020d}", MaxKeys=1
        )
        return next((one["Key"] for one in found.get("Contents", ())), None)

    return Reader(get, cosigned)
