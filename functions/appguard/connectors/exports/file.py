"""A file that leaves: its bytes, and what is written on it about who took it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from appguard.kernel.ids import AppId, EventId
from appguard.kernel.levels import DataClass


@dataclass(frozen=True)
class Mark:
    """What a file says of itself. `entry` is the ledger's entry about this export."""

    entry: EventId
    at: datetime
    by: str
    app_id: AppId
    source: str
    class_: DataClass
    purpose: str

    def facts(self) -> Iterator[tuple[str, str]]:
        """Label and text of each fact, in the order in which they are read."""
        yield "Exported by", self.by
        yield "Exported at", self.at.astimezone(UTC).isoformat(timespec="seconds")
        yield "Through the app", self.app_id
        yield "Source", self.source
        yield "Class of the data", self.class_
        yield "Purpose", self.purpose
        yield "Entry in the ledger", self.entry


@dataclass(frozen=True)
class Export:
    """A file and what the ledger keeps of it."""

    name: str
    media_type: str
    content: bytes
    rows: int
    mark: Mark

    @property
    def digest(self) -> str:
        """Content address of the file."""
        return "sha256:" + hashlib.sha256(self.content).hexdigest()
