"""What a compliance report says. What failed is as visible as what passed."""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from appguard.kernel.ids import AppId
from appguard.kernel.levels import DataClass, RiskTier


class Line(BaseModel):
    """Base of the report's parts."""

    model_config = ConfigDict(frozen=True)


class AppLine(Line):
    """One app of the inventory."""

    app_id: AppId
    name: str
    owner: str
    team: str
    state: str
    tier: RiskTier | None = None
    classes: tuple[DataClass, ...] = ()
    retire_on: date | None = None


class ApprovalLine(Line):
    """One decision of a person on one bundle."""

    app_id: str
    bundle_digest: str
    verdict: str
    approver: str
    requesters: tuple[str, ...]
    at: AwareDatetime

    @property
    def separated(self) -> bool:
        """Whether somebody else asked."""
        return self.approver not in self.requesters


class PublicationLine(Line):
    """One version that went live, and who let it."""

    app_id: str
    bundle_digest: str
    tier: str
    approvers: tuple[str, ...]
    at: AwareDatetime
    covered: bool


class AccessLine(Line):
    """How often data of a class was touched by an app through one query or command."""

    data_class: str
    app_id: str
    action: str
    resource: str
    accesses: int
    people: int
    rows: int


class DeniedLine(Line):
    """Something somebody tried and was refused."""

    at: AwareDatetime
    action: str
    actor: str
    app_id: str
    resource: str
    code: str
    event_id: str


class LogLine(Line):
    """One log of the ledger as the verifier found it."""

    log: str
    entries: int
    checkpoints: int
    root: str


class LedgerCheck(Line):
    """What the offline verifier said about the ledger the report is computed from."""

    logs: tuple[LogLine, ...] = ()
    bad: str | None = None


class Check(Line):
    """One statement that holds or does not."""

    name: str
    passed: bool
    detail: str


class Report(Line):
    """The compliance report."""

    generated_at: AwareDatetime
    since: AwareDatetime
    checks: tuple[Check, ...]
    inventory: tuple[AppLine, ...]
    publications: tuple[PublicationLine, ...]
    approvals: tuple[ApprovalLine, ...]
    exceptions: tuple[DeniedLine, ...]
    access: tuple[AccessLine, ...]
    denied: tuple[DeniedLine, ...]
    ledger: LedgerCheck

    @property
    def passed(self) -> bool:
        """Whether every check did."""
        return all(check.passed for check in self.checks)
