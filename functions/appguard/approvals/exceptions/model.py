"""An exception: what a named person accepted although a rule speaks against it, and until when."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, Field, JsonValue, StringConstraints, TypeAdapter

from appguard.approvals.model import MAX_COMMENT, ApprovalId
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName, PersonId
from appguard.kernel.levels import RiskTier
from appguard.kernel.record import Record

ExceptionId = Annotated[str, StringConstraints(pattern=r"^exc-[0-9a-f]{24}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_COMMENT)]


class AcceptedFinding(Record):
    """The finding that was accepted, wherever in the bundle it stands; `places` counts where it does."""

    kind: Literal["finding"] = "finding"
    gate: str
    rule: str
    message: str
    places: int = Field(ge=1)

    @property
    def identity(self) -> str:
        """What makes it the same finding in another version: gate, rule and words, not path and line."""
        return identity_of(self.gate, self.rule, self.message)

    @property
    def facts(self) -> dict[str, JsonValue]:
        """What the ledger is told of it."""
        return {"gate": self.gate, "rule": self.rule, "finding": self.identity, "places": self.places}


class AcceptedExport(Record):
    """A query whose rows may leave the app as a file although they are personal.

    `columns` is what the person saw who accepted it, classes and masks included: the exception is
    about these columns and no others.
    """

    kind: Literal["export"] = "export"
    connector: ConnectorName
    query: str
    columns: tuple[str, ...] = Field(min_length=1)

    @property
    def identity(self) -> str:
        """The one export of this query; what it returns is no part of it."""
        return export_identity(self.connector, self.query)

    @property
    def message(self) -> str:
        """What was accepted, in a sentence."""
        return f"Rows of {self.connector}/{self.query} leave as a file: {', '.join(self.columns)}."

    @property
    def facts(self) -> dict[str, JsonValue]:
        """What the ledger is told of it."""
        return {"connector": self.connector, "query": self.query, "columns": list(self.columns)}


class ExceptionBase(Record):
    """What every exception has. One app has one record for one finding or export; granting again renews it.

    An export is accepted by itself: no approval of a version brought it about.
    """

    exception_id: ExceptionId
    app_id: AppId
    app_name: str
    about: Annotated[AcceptedFinding | AcceptedExport, Field(discriminator="kind")]
    tier: RiskTier
    requester: PersonId
    owner: PersonId
    owner_email: str
    bundle_digest: BundleDigest
    approval_id: ApprovalId | None
    approved_by: PersonId
    reason: Reason
    granted_at: AwareDatetime
    expires_at: AwareDatetime
    version: int = Field(default=0, ge=0)


class Open(ExceptionBase):
    """It holds until its date."""

    state: Literal["open"] = "open"

    def holds(self, now: datetime) -> bool:
        """Whether it still counts; its date decides, not whether a sweep has come by."""
        return now < self.expires_at


class Expired(ExceptionBase):
    """Its date has passed."""

    state: Literal["expired"] = "expired"
    expired_at: AwareDatetime


class Revoked(ExceptionBase):
    """Security took it back."""

    state: Literal["revoked"] = "revoked"
    revoked_at: AwareDatetime
    revoked_by: PersonId
    why: Reason


class Closed(ExceptionBase):
    """A version without the finding was published; nobody needs it any more."""

    state: Literal["closed"] = "closed"
    closed_at: AwareDatetime


ExceptionRecord = Annotated[Open | Expired | Revoked | Closed, Field(discriminator="state")]
EXCEPTION: TypeAdapter[ExceptionRecord] = TypeAdapter(ExceptionRecord)
E = TypeVar("E", bound=ExceptionBase)


def becoming(kind: type[E], record: ExceptionBase, **facts: Any) -> E:
    """`record` in another state: what all states share is kept, the rest is given."""
    shared = {name: getattr(record, name) for name in ExceptionBase.model_fields}
    return kind.model_validate({**shared, **facts})


def identity_of(gate: str, rule: str, message: str) -> str:
    """A finding without its place."""
    return hashlib.sha256("\0".join((gate, rule, message)).encode()).hexdigest()


def export_identity(connector: str, query: str) -> str:
    """The export of a query, as exceptions know it."""
    return hashlib.sha256("\0".join(("export", connector, query)).encode()).hexdigest()


def exception_id(app_id: AppId, identity: str) -> str:
    """The one record of this finding or export of this app."""
    return "exc-" + hashlib.sha256(f"{app_id}\0{identity}".encode()).hexdigest()[:24]


def to_accept(findings: Iterable[Finding]) -> list[AcceptedFinding]:
    """What a person accepts by approving: each finding that asks for approval, told once for all places."""
    counted: dict[tuple[str, str, str], int] = {}
    for finding in findings:
        if finding.severity is Severity.APPROVE:
            key = (finding.gate, finding.rule, finding.message)
            counted[key] = counted.get(key, 0) + 1
    return [
        AcceptedFinding(gate=gate, rule=rule, message=message, places=places)
        for (gate, rule, message), places in sorted(counted.items())
    ]
