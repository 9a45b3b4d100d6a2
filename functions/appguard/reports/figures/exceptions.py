"""The register of exceptions: what was accepted, by whom, until when, and how it stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Result
from appguard.reports.history import History
from appguard.reports.model import AppLine, ExceptionLine, ExceptionState, Period

ENDINGS: Mapping[str, ExceptionState] = {
    Action.EXCEPTION_EXPIRED: ExceptionState.EXPIRED,
    Action.EXCEPTION_REVOKED: ExceptionState.REVOKED,
    Action.EXCEPTION_CLOSED: ExceptionState.CLOSED,
}


def exceptions(history: History, apps: Mapping[str, AppLine], period: Period) -> tuple[ExceptionLine, ...]:
    """Those that were open at any time within the period, the latest state of each."""
    found: dict[str, ExceptionLine] = {}
    ended: dict[str, datetime] = {}
    for event in history.story:
        if event.result is not Result.SUCCESS:
            continue
        name = event.resource.id
        if event.action == Action.EXCEPTION_GRANTED:
            found[name] = _granted(event, apps.get(str(event.app_id)))
            ended.pop(name, None)
        elif (ending := ENDINGS.get(event.action)) and name in found:
            found[name] = found[name].model_copy(update={"state": ending})
            ended[name] = event.timestamp
    return tuple(one for name, one in sorted(found.items()) if ended.get(name, period.until) >= period.since)


def _granted(event: AuditEvent, app: AppLine | None) -> ExceptionLine:
    about: dict[str, Any] = event.metadata
    exported = f"export of {about.get('connector')}/{about.get('query')}"
    return ExceptionLine(
        exception_id=event.resource.id,
        app_id=str(event.app_id or ""),
        about=exported if about.get("kind") == "export" else f"rule {about.get('rule', '')}",
        approved_by=str(about.get("approved_by", "")),
        owner=app.owner if app else "",
        granted_at=event.timestamp,
        expires_at=datetime.fromisoformat(str(about["expires_at"])),
        state=ExceptionState.OPEN,
    )
