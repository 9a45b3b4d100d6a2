"""Which secrets were in use at the end of the period, and how old they were."""

from collections.abc import Mapping
from datetime import datetime

from appguard.kernel.actions import Action
from appguard.kernel.event import Result
from appguard.reports.history import History
from appguard.reports.model import SecretLine

SET = frozenset({Action.SECRET_REGISTERED, Action.SECRET_ROTATED})
KINDS = {"apps": "session_key", "logins": "database_login", "administrators": "administrator"}
"""What the second part of a secret's name says it is for."""


def secrets(history: History, alarm_days: Mapping[str, int]) -> tuple[SecretLine, ...]:
    """Each secret by name, its age against the age at which an alarm is due for its kind."""
    since: dict[str, tuple[datetime, str]] = {}
    for event in history.story:
        if event.result is not Result.SUCCESS:
            continue
        if event.action in SET:
            since[event.resource.id] = event.timestamp, str(event.app_id or "")
        elif event.action == Action.SECRET_WITHDRAWN:
            since.pop(event.resource.id, None)
    return tuple(
        SecretLine(
            name=name,
            kind=kind,
            app_id=app_id,
            since=at,
            days=(history.until - at).days,
            alarm_days=alarm_days[kind],
        )
        for name, (at, app_id) in sorted(since.items())
        if (kind := KINDS.get(name.split("/")[1] if "/" in name else "", ""))
    )
