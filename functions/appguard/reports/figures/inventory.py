"""The apps there were at the end of the period, in which state, and what was known against them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from appguard.apps.lifecycle import TRANSITIONS, State, Trigger
from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Result
from appguard.reports.history import History
from appguard.reports.model import AppLine

FAULTS = frozenset({Action.APP_VULNERABLE, Action.APP_VULNERABILITIES_CHANGED})
RUNNING = frozenset({State.ACTIVE.value, State.SUSPENDED.value, State.QUARANTINED.value})
TRIGGERS = {f"app.{trigger}": trigger for trigger in Trigger}


def inventory(history: History) -> tuple[AppLine, ...]:
    """Every app ever created, by id, as the events about it left it."""
    apps: dict[str, AppLine] = {}
    for event in _about_apps(history.story):
        app_id = str(event.app_id)
        known = apps.get(app_id)
        if event.action == Action.APP_CREATED:
            apps[app_id] = _created(event)
        elif known:
            apps[app_id] = known.model_copy(update=_changes(known, event))
    used = history.last_used
    return tuple(apps[name].model_copy(update={"last_used": used.get(name)}) for name in sorted(apps))


def _about_apps(story: Iterable[AuditEvent]) -> Iterable[AuditEvent]:
    return (one for one in story if one.action.startswith("app.") and one.result is Result.SUCCESS)


def _created(event: AuditEvent) -> AppLine:
    return AppLine(
        app_id=str(event.app_id),
        owner=event.actor.id,
        team=str(event.metadata.get("team", "")),
        state=State.DRAFT.value,
    )


def _changes(app: AppLine, event: AuditEvent) -> dict[str, Any]:
    """What `event` changes. A transition the lifecycle does not know leaves the state as it was."""
    about, changes = event.metadata, dict[str, Any]()
    if trigger := TRIGGERS.get(event.action):
        changes["state"] = TRANSITIONS.get((State(app.state), trigger), State(app.state)).value
    if event.action == Action.APP_PUBLISHED:
        classes: Any = about.get("classes")
        changes |= {"tier": str(about.get("tier", "")), "faults": 0, "faulty_since": None}
        changes["classes"] = None if classes is None else tuple(classes)
    if retire_on := about.get("retire_on") or about.get("retire"):
        changes["retire_on"] = date.fromisoformat(str(retire_on))
    if event.action in FAULTS:
        changes |= _faults(app, event)
    return changes


def _faults(app: AppLine, event: AuditEvent) -> dict[str, Any]:
    """`app.vulnerable` names what is new, `app.vulnerabilities_changed` all that is left."""
    listed: Any = event.metadata.get("faults") or ()
    known = len(listed) + (app.faults if event.action == Action.APP_VULNERABLE else 0)
    return {"faults": known, "faulty_since": (app.faulty_since or event.timestamp) if known else None}
