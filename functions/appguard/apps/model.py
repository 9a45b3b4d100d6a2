"""What the catalog knows of an app."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from appguard.apps.lifecycle import State, Trigger, after
from appguard.apps.manifest import Manifest
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName, EventId, PersonId
from appguard.kernel.levels import DataClass, RiskTier
from appguard.kernel.record import Record


class ConnectorGrant(Record):
    """The queries and commands of one connector an app may use."""

    queries: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()


class Grants(Record):
    """What an approved app may touch; nothing else exists for it."""

    connectors: dict[ConnectorName, ConnectorGrant] = Field(default_factory=dict)
    egress: frozenset[str] = frozenset()

    @classmethod
    def asked_by(cls, manifest: Manifest) -> Self:
        """What `manifest` asks for, as the grant it becomes once approved."""
        return cls(
            connectors={
                use.name: ConnectorGrant(queries=frozenset(use.queries), commands=frozenset(use.commands))
                for use in manifest.connectors
            },
            egress=frozenset(manifest.runtime.egress),
        )


class Permit(Record):
    """What an active app may touch, and the version that was approved for it."""

    bundle_digest: BundleDigest
    grants: Grants


class Risk(Record):
    """How risky a bundle is, and why, in plain words."""

    tier: RiskTier
    reasons: tuple[str, ...]
    classes: tuple[DataClass, ...] = ()


class DueKind(StrEnum):
    """What a date in the due index asks for."""

    IDLE = "idle"
    RETIRE = "retire"
    RECERTIFY = "recertify"
    ROTATE = "rotate"


class KnownFault(Record):
    """A fault of a package, known since after the app that brings it was approved."""

    package: str
    version: str
    advisory: str
    aliases: tuple[str, ...] = ()
    fixed: str | None = None
    malicious: bool = False
    since: AwareDatetime

    def is_same_as(self, other: "KnownFault") -> bool:
        """Whether both are one fault of one version: databases name it differently, later by more names."""
        mine, theirs = {self.advisory, *self.aliases}, {other.advisory, *other.aliases}
        return (self.package, self.version) == (other.package, other.version) and not mine.isdisjoint(theirs)


class Publication(Record):
    """The version employees use, the packages it brings, and what became known against these since."""

    bundle_digest: BundleDigest
    risk: Risk
    grants: Grants
    url: str
    published_at: AwareDatetime
    retire_on: date
    idle_after_days: int
    packages: dict[str, str] = Field(default_factory=dict)
    faults: tuple[KnownFault, ...] = ()


NEEDS_PUBLICATION = frozenset(
    {State.ACTIVE, State.SUSPENDED, State.QUARANTINED, State.RETIRED, State.ARCHIVED}
)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""What a person says in a sentence or two."""


class Note(Record):
    """Why somebody did something to an app, in their words: the ledger knows that they did it and when."""

    event_id: EventId
    action: str
    by: str
    at: AwareDatetime
    words: Words


class Offer(Record):
    """An app waits for somebody to take it over; whoever signs in with this address may."""

    app_id: AppId
    app_name: str
    to: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
    by_email: str
    at: AwareDatetime
    words: Words


class App(Record):
    """A micro app in the catalog. `version` counts saves, for optimistic locking."""

    app_id: AppId
    name: str
    description: str = ""
    owner: PersonId
    owner_email: str
    team: str
    template: str = ""
    """What the latest readable version says it was begun from."""
    state: State = State.DRAFT
    version: int = 0
    created_at: AwareDatetime
    draft: BundleDigest | None = None
    publication: Publication | None = None
    last_used: date | None = None
    days_used: int = Field(default=0, ge=0)
    """On how many days, since it was first in use."""
    orphaned_at: AwareDatetime | None = None
    """Since when its owner is no more in the company."""

    @model_validator(mode="after")
    def _publication_fits_state(self) -> Self:
        if (self.publication is not None) != (self.state in NEEDS_PUBLICATION):
            raise ValueError(
                f"an app that is {self.state.value} has {'no ' * (not self.publication)}publication"
            )
        return self

    @property
    def in_use(self) -> BundleDigest | None:
        """The version employees use."""
        return self.publication.bundle_digest if self.publication else None

    def advanced(self, trigger: Trigger) -> "App":
        """The app after `trigger`; raises `IllegalTransition`."""
        return self.model_copy(update={"state": after(self.state, trigger)})
