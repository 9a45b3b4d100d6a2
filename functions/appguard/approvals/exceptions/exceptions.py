"""Granting, renewing, revoking, expiring and closing exceptions; each with its event in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, NoReturn

from appguard.approvals.access import SECURITY, refusal
from appguard.approvals.errors import ExceptionOver, ExceptionUnknown, NotSecurity, TooMuchToAccept
from appguard.approvals.exceptions.events import event
from appguard.approvals.exceptions.model import (
    AcceptedExport,
    AcceptedFinding,
    Closed,
    ExceptionRecord,
    Expired,
    Open,
    Revoked,
    becoming,
    exception_id,
)
from appguard.approvals.exceptions.store import ExceptionStore
from appguard.approvals.model import Decided
from appguard.approvals.settings import ApprovalSettings
from appguard.apps.catalog import Catalog, catalog
from appguard.gates.review_policy import ExceptionRules, review_policy
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Result, Role
from appguard.kernel.ids import AppId
from appguard.kernel.person import Person

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

SYSTEM = Actor.system("approvals")
MOST_ACCEPTED = 40
"""Each takes two of the hundred places of a transaction; beyond it no person weighs them anyway."""
LISTED = 200


@dataclass(frozen=True)
class Exceptions:
    """The exceptions of the platform."""

    store: ExceptionStore
    apps: Catalog
    rules: ExceptionRules
    clock: Clock = utc_now

    def granted(self, decided: Decided, accepted: Sequence[AcceptedFinding]) -> list[Open]:
        """The records an approval brings about, to be written with it; one that exists is renewed."""
        if len(accepted) > MOST_ACCEPTED:
            raise TooMuchToAccept(f"more than {MOST_ACCEPTED} findings would have to be accepted")
        app = self.apps.get(decided.app_id)
        return [
            Open(
                exception_id=(known := exception_id(decided.app_id, about.identity)),
                app_id=decided.app_id,
                app_name=decided.app_name,
                about=about,
                tier=decided.tier,
                requester=decided.requester,
                owner=app.owner,
                owner_email=app.owner_email,
                bundle_digest=decided.bundle_digest,
                approval_id=decided.approval_id,
                approved_by=decided.decided_by,
                reason=decided.comment,
                granted_at=decided.decided_at,
                expires_at=decided.decided_at + self.rules.lasts(decided.tier),
                version=old.version if (old := self.store.find(known)) else 0,
            )
            for about in accepted
        ]

    def writes(
        self, records: Sequence[Open], by: Person
    ) -> "tuple[list[TransactWriteItemTypeDef], list[AuditEvent]]":
        """What has to be written for `records` to be granted by `by`."""
        actor = by.acting_as(Role.REVIEWER)
        events = [
            event("granted", each, actor, each.granted_at, once=str(each.approval_id)) for each in records
        ]
        return [self.store.put(each) for each in records], events

    def get(self, exception: str) -> ExceptionRecord:
        """One exception; raises `ExceptionUnknown`."""
        if record := self.store.find(exception):
            return record
        raise ExceptionUnknown("there is no such exception")

    def of_app(self, app_id: AppId) -> list[ExceptionRecord]:
        """All of one app, the newest first."""
        return self.store.of_app(app_id)

    def listed(self, state: str) -> list[ExceptionRecord]:
        """Those in one state: open ones by the day they expire, others the latest first."""
        return self.store.in_state(state, LISTED)

    def lapsed(self, app_id: AppId) -> list[ExceptionRecord]:
        """Findings the app still needs accepted and nobody accepts any more; it runs on without an export."""
        now = self.clock()
        return [
            each
            for each in self.of_app(app_id)
            if not isinstance(each.about, AcceptedExport)
            and (isinstance(each, Expired | Revoked) or (isinstance(each, Open) and not each.holds(now)))
        ]

    def due(self, until: date) -> list[str]:
        """Ids of open exceptions whose day has come."""
        return self.store.due(until)

    def renew(self, exception: str, by: Person, reason: str) -> Open:
        """Accept it for another term: like an approval, by a reviewer who neither asked for nor owns the app.

        Raises `ExceptionOver` for one that was revoked or closed: that needs a review of a version.
        """
        record, now = self.get(exception), self.clock()
        self.must_not_be_own(record, by)
        if not isinstance(record, Open | Expired):
            raise ExceptionOver(f"this exception was {record.state}")
        renewed = becoming(
            Open,
            record,
            approved_by=by.id,
            reason=reason,
            granted_at=now,
            expires_at=now + self._term(record),
        )
        self.store.change(renewed, self._event("granted", renewed, by.acting_as(Role.REVIEWER)))
        return renewed

    def revoke(self, exception: str, by: Person, why: str) -> Revoked:
        """Security takes it back: it counts for nothing from now on."""
        record = self.get(exception)
        if not SECURITY & by.groups:
            self.deny(record, by, NotSecurity("only security takes back an exception"))
        if not isinstance(record, Open):
            raise ExceptionOver(f"this exception is {record.state}")
        revoked = becoming(Revoked, record, revoked_at=self.clock(), revoked_by=by.id, why=why)
        self.store.change(revoked, self._event("revoked", revoked, by.acting_as(Role.SECURITY)))
        return revoked

    def expire(self, exception: str) -> bool:
        """Its day has come; False when it holds on, or somebody was faster. The app itself runs on."""
        record, now = self.get(exception), self.clock()
        if not isinstance(record, Open) or record.holds(now):
            return False
        expired = becoming(Expired, record, expired_at=now)
        return self.store.change(expired, self._event("expired", expired, SYSTEM))

    def settle(self, app_id: AppId, needed: Collection[str]) -> None:
        """A version that needs only `needed` (identities) accepted is in use: what it does not is closed."""
        for record in self.of_app(app_id):
            if not isinstance(record, Closed) and record.about.identity not in needed:
                closed = becoming(Closed, record, closed_at=self.clock())
                self.store.change(closed, self._event("closed", closed, SYSTEM))

    def must_not_be_own(self, record: ExceptionRecord, by: Person) -> None:
        """Refuse, on record, whoever asked for the app or owns it, or does not decide at all."""
        app = self.apps.get(record.app_id)
        for requester, owner in ((record.requester, record.owner_email), (app.owner, app.owner_email)):
            if problem := refusal(by, requester, owner):
                self.deny(record, by, problem)

    def deny(self, record: ExceptionRecord, by: Person, problem: AppGuardError) -> NoReturn:
        """Record that `by` was not allowed to touch `record`, and raise `problem`."""
        denied = event("denied", record, by.acting_as(Role.REVIEWER), self.clock(), result=Result.DENIED)
        self.store.refuse_access(denied)
        problem.recorded = True
        raise problem

    def _term(self, record: ExceptionRecord) -> timedelta:
        """How long it holds when it is accepted now."""
        if isinstance(record.about, AcceptedExport):
            return self.rules.export_lasts
        return self.rules.lasts(record.tier)

    def _event(self, fact: str, record: ExceptionRecord, by: Actor) -> AuditEvent:
        """Named after the state it leads to: of two at once one is recorded."""
        return event(fact, record, by, self.clock(), once=str(record.version))


@cache
def exceptions() -> Exceptions:
    """The deployment's exceptions, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415

    store = ExceptionStore(boto3.client("dynamodb"), outbox(), ApprovalSettings.from_env().table)
    return Exceptions(store, catalog(), review_policy().exceptions)
