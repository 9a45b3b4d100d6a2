"""What is asked of the search, and what it answers."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter

from appguard.audit.search.filters import Filters
from appguard.audit.search.saved import SavedName
from appguard.kernel.event import Actor, AuditEvent, RetentionClass
from appguard.kernel.record import Record

PAGE = 25
MOST = 200
MOST_ENTRIES = 10**11


class Question(Record):
    """One page of hits."""

    kind: Literal["hits"] = "hits"
    filters: Filters = Filters()
    saved: SavedName | None = None
    after: Annotated[str, Field(max_length=40)] | None = None
    """Where the page before ended, as its answer said."""
    limit: Annotated[int, Field(ge=1, le=MOST)] = PAGE


class Asking(Question):
    """A question, and who asks it: that is recorded."""

    by: Actor


class Showing(Record):
    """One entry with its proof."""

    kind: Literal["entry"] = "entry"
    log: RetentionClass
    number: Annotated[int, Field(ge=0, lt=MOST_ENTRIES)]


class Flowing(Record):
    """How apps flowed within a period."""

    kind: Literal["flow"] = "flow"
    since: AwareDatetime
    until: AwareDatetime


Asked = Annotated[Asking | Showing | Flowing, Field(discriminator="kind")]
ASKED: TypeAdapter[Asking | Showing | Flowing] = TypeAdapter(Asked)


class Hit(Record):
    """An entry as the ledger holds it; `proven` says that a signed checkpoint contains it, here."""

    log: RetentionClass
    number: int
    body: str
    proven: bool

    @cached_property
    def event(self) -> AuditEvent:
        """The event the entry holds."""
        return AuditEvent.model_validate_json(self.body)


class Answer(Record):
    """One page of hits, and what it does not cover."""

    hits: tuple[Hit, ...]
    next: str | None = None
    """Where the next page begins; None when there is none."""
    looked_back_to: AwareDatetime | None = None
    """The time for a page was over here; older entries are looked through by asking on."""
    total: int | None = None
    """How many there are, where that is known: for queries about how things stand."""
    signed: int
    indexed: int
    unread: int
    """Entries that are signed, and neither in the index nor read for this answer."""
    misfits: int = 0
    """Places the index named whose entries are no hits; they were left out."""


class Shown(Record):
    """One entry and its proof, as `appguard audit verify` takes it."""

    hit: Hit
    proof: dict[str, JsonValue]
