"""The compliance report as a pure function of ledger entries, catalog and verification."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.kernel.event import AuditEvent, Result
from appguard.kernel.levels import RiskTier
from appguard.reports.model import (
    AccessLine,
    AppLine,
    ApprovalLine,
    Check,
    DeniedLine,
    LedgerCheck,
    PublicationLine,
    Report,
)

MAKING = "app.created"
ASKING = frozenset({"app.drafted", "app.submitted", "review.submitted", "submission.received"})
APPROVED = "approve"
GONE = frozenset({State.RETIRED, State.ARCHIVED})


def compliance(
    events: Iterable[AuditEvent], apps: Sequence[App], ledger: LedgerCheck, since: datetime, at: datetime
) -> Report:
    """What happened from `since` to `at`. Earlier events count where a later one rests on them."""
    history = sorted((one for one in events if one.timestamp <= at), key=lambda one: one.timestamp)
    period = [one for one in history if one.timestamp >= since]
    decisions = _approvals(history)
    publications = tuple(_publication(one, decisions) for one in period if one.action == "app.published")
    approvals = tuple(line for line in decisions if line.at >= since)
    inventory = tuple(_app(app) for app in sorted(apps, key=lambda app: app.app_id))
    return Report(
        generated_at=at,
        since=since,
        checks=_checks(inventory, publications, approvals, ledger),
        inventory=inventory,
        publications=publications,
        approvals=approvals,
        exceptions=tuple(_denied(one) for one in period if one.action.startswith("exception.")),
        access=_access(period),
        denied=tuple(_denied(one) for one in period if one.result is Result.DENIED),
        ledger=ledger,
    )


def _app(app: App) -> AppLine:
    live = app.publication
    return AppLine(
        app_id=app.app_id,
        name=app.name,
        owner=app.owner,
        team=app.team,
        state=app.state.value,
        tier=live.risk.tier if live else None,
        classes=live.risk.classes if live else (),
        retire_on=live.retire_on if live else None,
    )


def _approvals(history: Iterable[AuditEvent]) -> list[ApprovalLine]:
    """Each decision, with who made that app, and everybody who had sent in that version by then.

    Whose push sent an earlier version may decide on this one: so do approvals.
    """
    made: defaultdict[str, set[str]] = defaultdict(set)
    asked: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    lines: list[ApprovalLine] = []
    for event in history:
        app_id, digest = event.app_id or "", event.bundle_digest or ""
        if event.action == MAKING:
            made[app_id].add(event.actor.id)
        if event.action in ASKING:
            asked[app_id, digest].add(event.actor.id)
        if event.action == "approval.decided" and event.result is Result.SUCCESS:
            line = ApprovalLine(
                app_id=app_id,
                bundle_digest=digest,
                verdict=str(event.metadata.get("verdict", "")),
                approver=event.actor.id,
                requesters=tuple(sorted(made[app_id] | asked[app_id, digest])),
                at=event.timestamp,
            )
            lines.append(line)
    return lines


def _publication(event: AuditEvent, decisions: Iterable[ApprovalLine]) -> PublicationLine:
    """A version that went live; above low it needs another person's approval of that very bundle."""
    approvers = {
        line.approver
        for line in decisions
        if (line.app_id, line.bundle_digest) == (event.app_id, event.bundle_digest)
        and line.verdict == APPROVED
        and line.separated
        and line.at <= event.timestamp
    }
    tier = str(event.metadata.get("tier", ""))
    return PublicationLine(
        app_id=event.app_id or "",
        bundle_digest=event.bundle_digest or "",
        tier=tier,
        approvers=tuple(sorted(approvers)),
        at=event.timestamp,
        covered=bool(approvers) or tier == RiskTier.LOW,
    )


def _access(period: Iterable[AuditEvent]) -> tuple[AccessLine, ...]:
    """Successful accesses by class, app and operation; one that was retracted never took place."""
    retracted = {str(event.metadata.get("retracts")) for event in period}
    groups: defaultdict[tuple[str, str, str, str], list[AuditEvent]] = defaultdict(list)
    for event in period:
        took_place = event.result is Result.SUCCESS and event.event_id not in retracted
        if event.action.startswith("data.") and took_place:
            classes = event.metadata.get("classes")
            for data_class in classes if isinstance(classes, list) and classes else ["unclassified"]:
                key = (str(data_class), event.app_id or "", event.action, event.resource.id)
                groups[key].append(event)
    return tuple(
        AccessLine(
            data_class=data_class,
            app_id=app_id,
            action=action,
            resource=resource,
            accesses=len(found),
            people=len({event.actor.id for event in found}),
            rows=sum(_number(event.metadata.get("rows")) for event in found),
        )
        for (data_class, app_id, action, resource), found in sorted(groups.items())
    )


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _denied(event: AuditEvent) -> DeniedLine:
    return DeniedLine(
        at=event.timestamp,
        action=event.action,
        actor=event.actor.id,
        app_id=event.app_id or "",
        resource=f"{event.resource.type} {event.resource.id}",
        code=str(event.metadata.get("code", "")),
        event_id=event.event_id,
    )


def _checks(
    inventory: Sequence[AppLine],
    publications: Sequence[PublicationLine],
    approvals: Sequence[ApprovalLine],
    ledger: LedgerCheck,
) -> tuple[Check, ...]:
    entries = sum(log.entries for log in ledger.logs)
    alone = [line.app_id for line in approvals if not line.separated]
    uncovered = [line.app_id for line in publications if not line.covered]
    overdue = [
        app.app_id
        for app in inventory
        if app.tier is not None and app.retire_on is None and app.state not in GONE
    ]
    return (
        Check(
            name="The ledger verifies",
            passed=ledger.bad is None,
            detail=ledger.bad or f"{entries} entries",
        ),
        _none("Nobody approved what they had asked for", alone, len(approvals), "decisions"),
        _none(
            "Apps above low risk were approved by another person", uncovered, len(publications), "releases"
        ),
        _none("Every published app has a retirement date", overdue, len(inventory), "apps"),
    )


def _none(name: str, offenders: Sequence[str], looked_at: int, what: str) -> Check:
    named = f"not so for {', '.join(sorted(set(offenders)))}" if offenders else f"{looked_at} {what} checked"
    return Check(name=name, passed=not offenders, detail=named)
