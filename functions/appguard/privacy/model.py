"""What is asked and answered about a person."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from appguard.kernel.event import Actor, RetentionClass
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName, EventId


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(_Said):
    """From a moment to before another; open where nothing is said. Of one connector, or of all."""

    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    connector: ConnectorName | None = None


class Inquiry(_Said):
    """Somebody asks who saw a person's data."""

    subject: str = Field(max_length=400, repr=False)
    period: Period = Period()
    by: Actor
    with_key: bool = False
    """Whether the answer is to bring the person's key, with which an exported ledger can be searched."""


class Sighting(_Said):
    """One access to a person's data, and the entry that proves it."""

    at: AwareDatetime
    action: str
    actor: str
    app_id: AppId | None
    bundle_digest: BundleDigest | None
    purpose: str
    connector: str
    operation: str
    classes: tuple[str, ...]
    rows: int | None
    doubted: bool
    """A change that was sent and never answered: it may not have been made."""
    event_id: EventId
    log: RetentionClass | None
    index: int | None
    """Where the entry stands; nowhere yet for the first seconds."""


class Key(_Said):
    """A person's key, to be kept as carefully as what it opens, and deleted when the person is forgotten."""

    subject: str
    secret: str = Field(pattern=r"^[0-9a-f]{64}$", repr=False)
    since: AwareDatetime


class Answer(_Said):
    """Who saw a person's data. `known_since` is None of somebody never seen, or forgotten."""

    known_since: AwareDatetime | None
    sightings: tuple[Sighting, ...] = ()
    held: str | None = None
    asked_to_forget: str | None = None
    key: Key | None = None


class Verb(StrEnum):
    """What is decided about a person's key."""

    ASK = "ask"
    FORGET = "forget"
    HOLD = "hold"
    RELEASE = "release"


class Decision(_Said):
    """Somebody asks that a person be forgotten, decides it, or holds it up."""

    verb: Verb
    subject: str = Field(max_length=400, repr=False)
    reason: str = Field(min_length=10, max_length=300)
    by: Actor
