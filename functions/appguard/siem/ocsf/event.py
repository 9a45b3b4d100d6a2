"""One entry of the ledger as an OCSF event: a pure function, the same bytes for the same entry."""

import json
from datetime import UTC
from typing import Any

from pydantic import JsonValue

from appguard.audit.reader import Entry
from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Result
from appguard.siem.ocsf.catalogue import Told, classes, told
from appguard.siem.ocsf.subjects import PLATFORM, about, actor, fell_short

HOST_PROFILE = ("host",)
"""By it alone OCSF lets the other classes name an actor."""
OWN_ACTOR = frozenset(
    {
        "api_activity",
        "authentication",
        "authorize_session",
        "data_security_finding",
        "datastore_activity",
        "entity_management",
    }
)
SUCCESS, FAILURE = (1, "Success"), (2, "Failure")
BY_RESULT = {Result.SUCCESS: "Informational", Result.FAILURE: "Low", Result.DENIED: "Medium"}


def ocsf_event(entry: Entry) -> dict[str, Any]:
    """The event of `entry`. `metadata.log_name` and `.sequence` are its place in the ledger.

    What OCSF has no member for is in `unmapped`, as strings: receivers infer types from what they meet.
    """
    event = entry.event
    how = told(event.action)
    profiles = () if how.class_ in OWN_ACTOR else HOST_PROFILE
    return {
        "metadata": _metadata(entry, event, profiles),
        "time": int(event.timestamp.timestamp() * 1000),
        **_kind(how),
        **_severity(how, event),
        **_ending(event),
        "message": _sentence(event),
        "actor": actor(event.actor),
        **about(how.class_, event),
        "unmapped": _rest(event),
    }


def _metadata(entry: Entry, event: AuditEvent, profiles: tuple[str, ...]) -> dict[str, Any]:
    return {
        "version": classes().version,
        "uid": event.event_id,
        "event_code": event.action,
        "product": {"name": PLATFORM, "vendor_name": PLATFORM},
        "profiles": list(profiles),
        "log_provider": "appguard-ledger",
        "log_name": entry.log.value,
        "log_version": event.schema_,
        "sequence": entry.index,
        "original_time": event.timestamp.astimezone(UTC).isoformat(),
        **({"correlation_uid": event.trace_id} if event.trace_id else {}),
    }


def _kind(how: Told) -> dict[str, Any]:
    kind, activity = how.ocsf, how.ocsf.activities[how.activity]
    return {
        "category_uid": kind.category,
        "category_name": classes().categories[kind.category],
        "class_uid": kind.uid,
        "class_name": kind.caption,
        "activity_id": activity,
        "activity_name": how.activity,
        "type_uid": kind.uid * 100 + activity,
        "type_name": f"{kind.caption}: {how.activity}",
    }


def _severity(how: Told, event: AuditEvent) -> dict[str, Any]:
    """The higher of what the action and what its result say; a check that was not passed is High."""
    severities = classes().severities
    said = [BY_RESULT[event.result], how.severity or "Informational"]
    if how.class_ == "compliance_finding" and fell_short(event):
        said.append("High")
    name = max(said, key=severities.__getitem__)
    return {"severity_id": severities[name], "severity": name}


def _ending(event: AuditEvent) -> dict[str, Any]:
    """OCSF knows success and failure; that somebody was denied is the detail of a failure."""
    status_id, status = SUCCESS if event.result is Result.SUCCESS else FAILURE
    code = event.metadata.get("code")
    return {
        "status_id": status_id,
        "status": status,
        "status_detail": event.result.value,
        **({"status_code": str(code)} if code else {}),
    }


def _sentence(event: AuditEvent) -> str:
    try:
        return Action(event.action).tells
    except ValueError:
        return event.action


def _rest(event: AuditEvent) -> dict[str, str]:
    known: dict[str, JsonValue] = {
        "app_id": event.app_id,
        "bundle_digest": event.bundle_digest,
        "resource_type": event.resource.type,
        "resource_id": event.resource.id,
    }
    facts = {f"metadata_{name}": value for name, value in event.metadata.items()}
    return {name: _text(value) for name, value in {**known, **facts}.items() if value is not None}


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
