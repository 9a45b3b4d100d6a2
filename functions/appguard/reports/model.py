"""What a report counts: facts of the ledger up to a moment, section by section."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from appguard.kernel.ids import EventId
from appguard.kernel.record import Record

ReportId = Annotated[str, StringConstraints(pattern=r"^(soc2|iso27001|nist80053)-[0-9a-z-]{4,60}$")]


class Period(Record):
    """From when to when. What came before counts where something within rests on it."""

    since: AwareDatetime
    until: AwareDatetime

    def holds(self, at: datetime) -> bool:
        """Whether `at` lies within; the end belongs to the next period."""
        return self.since <= at < self.until


class LogLine(Record):
    """One log of the ledger as the verifier found it."""

    log: str
    entries: int
    checkpoints: int
    root: str


class LedgerCheck(Record):
    """What the offline verifier said about the ledger the report is computed from."""

    logs: tuple[LogLine, ...] = ()
    bad: str | None = None


class AppLine(Record):
    """One app as the ledger knows it. `classes` is None where its release was recorded without them."""

    app_id: str
    owner: str
    team: str
    state: str
    tier: str | None = None
    classes: tuple[str, ...] | None = None
    retire_on: date | None = None
    last_used: date | None = None
    faults: int = 0
    faulty_since: AwareDatetime | None = None


class DecisionLine(Record):
    """One decision of a person on one bundle."""

    event_id: EventId
    at: AwareDatetime
    app_id: str
    bundle_digest: str
    verdict: str
    approver: str
    requesters: tuple[str, ...]

    @property
    def separated(self) -> bool:
        """Whether somebody else asked."""
        return self.approver not in self.requesters


class ReleaseLine(Record):
    """One version that went live, and on what that rests."""

    event_id: EventId
    at: AwareDatetime
    app_id: str
    bundle_digest: str
    tier: str
    approvers: tuple[str, ...]
    rests_on: str = ""
    """The earlier approval of a version that could do no less, where nobody was asked again."""
    checked: bool
    attested: bool

    @property
    def approved(self) -> bool:
        """Above low, another person approved this bundle, or one it does not go beyond."""
        return self.tier == "low" or bool(self.approvers) or bool(self.rests_on)


class ExceptionState(StrEnum):
    """How an exception stands at the end of the period."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CLOSED = "closed"


class ExceptionLine(Record):
    """What a named person accepted although a rule speaks against it."""

    exception_id: str
    app_id: str
    about: str
    approved_by: str
    owner: str
    granted_at: AwareDatetime
    expires_at: AwareDatetime
    state: ExceptionState


class AccessLine(Record):
    """How often data of a class was touched by an app through one query or command."""

    data_class: str
    app_id: str
    action: str
    resource: str
    accesses: int
    people: int
    rows: int


class RefusalLine(Record):
    """Something somebody tried and was refused, or that did not work."""

    event_id: EventId
    at: AwareDatetime
    action: str
    actor: str
    app_id: str
    resource: str
    code: str


class SecretLine(Record):
    """One secret in use, and since when it is what it is."""

    name: str
    kind: str
    app_id: str
    since: AwareDatetime
    days: int
    alarm_days: int

    @property
    def late(self) -> bool:
        """Whether it is older than the policy lets pass."""
        return self.days > self.alarm_days


class PolicyLine(Record):
    """Policies that came into force."""

    event_id: EventId
    at: AwareDatetime
    digest: str
    proposed_by: str
    published_by: str


class DayLine(Record):
    """How many entries one day has, by how they ended."""

    day: date
    success: int = 0
    denied: int = 0
    failure: int = 0


class AccessTotals(Record):
    """Sums over all accesses of the period that took place."""

    accesses: int = 0
    people: int = 0
    nameless: tuple[EventId, ...] = ()
    """Those that name no verified person."""
    exports: int = 0
    exports_to_accept: int = 0
    exports_unaccepted: tuple[EventId, ...] = ()
    """Files of personal data that name no exception."""


class Figures(Record):
    """All that a report of any framework rests on."""

    period: Period
    entries: int
    """Entries of the ledger up to the end of the period."""
    ledger: LedgerCheck
    apps: tuple[AppLine, ...]
    decisions: tuple[DecisionLine, ...]
    releases: tuple[ReleaseLine, ...]
    judged: dict[str, int] = Field(default_factory=dict)
    """Versions the gates judged, by what was decided."""
    rules: dict[str, int] = Field(default_factory=dict)
    """In how many judged versions each rule found something."""
    exceptions: tuple[ExceptionLine, ...]
    access: tuple[AccessLine, ...]
    access_totals: AccessTotals
    refusals: tuple[RefusalLine, ...]
    failures: tuple[RefusalLine, ...]
    secrets: tuple[SecretLine, ...]
    policies: tuple[PolicyLine, ...]
    advisories_synced: int
    deployments: int
    """How often the platform itself was deployed."""
    sign_ins: int
    signed_in: int
    """How many people signed in."""
    days: tuple[DayLine, ...]
