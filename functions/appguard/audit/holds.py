"""Legal holds: entries that may not go whatever their retention, and everything that proves them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from appguard.audit.checkpoint import size_of
from appguard.audit.merkle import inclusion_path
from appguard.audit.reader import Reader
from appguard.audit.tiles import WIDTH, node_reader, tile_path
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import RetentionClass
from appguard.kernel.ids import AppId


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfApp(_Said):
    """All entries about one app."""

    kind: Literal["app"] = "app"
    app_id: AppId

    @property
    def words(self) -> str:
        """As people say it."""
        return f"app {self.app_id}"


class OfRange(_Said):
    """Entries of one log by their numbers, the last one included."""

    kind: Literal["range"] = "range"
    log: RetentionClass
    first: int = Field(ge=0)
    last: int = Field(ge=0)

    @model_validator(mode="after")
    def _runs_forward(self) -> "OfRange":
        if self.last < self.first:
            raise ValueError("the last entry comes before the first")
        return self

    @property
    def words(self) -> str:
        """As people say it."""
        return f"{self.log}/{self.first} to {self.last}"


Scope = Annotated[OfApp | OfRange, Field(discriminator="kind")]


class Hold(_Said):
    """A hold in force. `sizes` are those of the logs when it was placed: what came later is not in it."""

    name: str = Field(pattern=r"^hold-[0-9a-f]{12}$")
    scope: Scope
    reason: str = Field(min_length=10, max_length=300)
    by: str
    since: AwareDatetime
    sizes: dict[RetentionClass, int]


def sizes(reader: Reader) -> dict[RetentionClass, int]:
    """How long each log is now."""
    notes = {log: reader.checkpoint(log) for log in RetentionClass}
    return {log: size_of(note) for log, note in notes.items() if note}


def held_keys(reader: Reader, hold: Hold) -> set[str]:
    """The objects a hold is about: bundles of its entries, the tiles and checkpoint that prove them."""
    keys: set[str] = set()
    for log, size in hold.sizes.items():
        bundles = {index // WIDTH * WIDTH for index in _entries(reader, hold.scope, log, size)}
        if bundles:
            keys.add(f"{log}/checkpoints/{size:020d}")
        for first in bundles:
            keys.add(f"{log}/{tile_path('entries', first // WIDTH, min(WIDTH, size - first))}")
            keys.update(f"{log}/{path}" for path in _proving(reader, log, first, size))
    return keys


def _entries(reader: Reader, scope: OfApp | OfRange, log: RetentionClass, size: int) -> Iterable[int]:
    if isinstance(scope, OfRange):
        if scope.log is not log:
            return ()
        if scope.last >= size:
            raise Invalid(f"the log {log} ends at entry {size - 1}")
        return range(scope.first, scope.last + 1)
    return _about(reader, scope.app_id, log, size)


def _about(reader: Reader, app_id: AppId, log: RetentionClass, size: int) -> Iterator[int]:
    """Numbers of the entries about an app; only what names it anywhere is parsed."""
    needle = f'"{app_id}"'.encode()
    for entry in reader.entries():
        if entry.log is log and entry.index < size and needle in entry.body and entry.event.app_id == app_id:
            yield entry.index


def _proving(reader: Reader, log: RetentionClass, index: int, size: int) -> set[str]:
    """The hash tiles from which an entry's proof is made: all entries of a bundle share them."""
    read: set[str] = set()
    inclusion_path(index, size, node_reader(size, cache(_recording(reader, log, read.add))))
    return read


def _recording(reader: Reader, log: RetentionClass, note: Callable[[str], None]) -> Callable[[str], bytes]:
    def fetch(path: str) -> bytes:
        note(path)
        body = reader.get(f"{log}/{path}")
        if body is None:
            raise NotFound(f"{log}/{path} is missing from the ledger", "Export and verify the ledger.")
        return body

    return fetch
