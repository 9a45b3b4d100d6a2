"""What the broker asks of a source, whatever its kind."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from appguard.connectors.model import Command, Query
from appguard.connectors.parameters import Bound
from appguard.connectors.rules import Limits

QueryT_contra = TypeVar("QueryT_contra", bound=Query, contravariant=True)
CommandT_contra = TypeVar("CommandT_contra", bound=Command, contravariant=True)


@dataclass(frozen=True)
class Identity:
    """For whom a source is asked."""

    email: str
    app_id: str


@dataclass(frozen=True)
class Result:
    """What the source returned: column names and raw rows, at most one more than the limit."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


class Source(Protocol[QueryT_contra, CommandT_contra]):
    """A source of one kind. It translates its own errors into the broker's, without a word of theirs."""

    @property
    def key(self) -> bytes:
        """The key of this source's digests and hash masks."""

    def read(self, query: QueryT_contra, bound: Mapping[str, Bound], who: Identity, limits: Limits) -> Result:
        """The answer to a declared query, at most `limits.rows` + 1 rows of it."""

    def write(
        self, command: CommandT_contra, bound: Mapping[str, Bound], who: Identity, limits: Limits
    ) -> AbstractContextManager[int]:
        """A declared change about to be made: yields how many rows, is final when the block ends well.

        The broker records within the block, so that no change is without its event; an exception in
        the block leaves everything as it was.
        """


AnySource = Source[Any, Any]
