"""What each OCSF class wants to know besides who and when: the app, the database, the finding."""

from collections.abc import Callable, Mapping
from typing import Any

from appguard.kernel.event import Actor, AuditEvent, Result, Role

Parts = dict[str, Any]
PLATFORM = "AppGuard"
USER, OTHER, UNKNOWN = 1, 99, 0
PASS, FAIL = 1, 3
APPLICATION_DLP = 10


def about(class_name: str, event: AuditEvent) -> Parts:
    """The members an event of this class has and others have not."""
    return _OF_CLASS[class_name](event)


def actor(one: Actor) -> Parts:
    """A person by id and role; an app or a function of the platform by name."""
    if one.role in {Role.APP, Role.SYSTEM}:
        return {"app_name": one.id}
    return {"user": user(one)}


def user(one: Actor) -> Parts:
    """A person as the ledger knows them: the identity provider's id, no name and no address."""
    return {"uid": one.id, "type_id": USER, "type": "User", "groups": [{"name": one.role.value}]}


def _nothing(_: AuditEvent) -> Parts:
    return {}


def _application(event: AuditEvent) -> Parts:
    name = event.app_id or event.resource.id
    version = {"version": event.bundle_digest} if event.bundle_digest else {}
    return {"app": {"name": name, "uid": name, "vendor_name": PLATFORM, **version}}


def _entity(event: AuditEvent) -> Parts:
    return {"entity": {"type": event.resource.type, "uid": event.resource.id, "name": event.resource.id}}


def _api(event: AuditEvent) -> Parts:
    return {
        "api": {"operation": event.action, "service": {"name": PLATFORM}},
        "src_endpoint": {"svc_name": event.app_id or PLATFORM},
        "resources": [_resource(event)],
    }


def _datastore(event: AuditEvent) -> Parts:
    """The query goes by its name: its text stands in the connector's file, not in the ledger."""
    connector, _, operation = event.resource.id.partition("/")
    return {
        "database": {"name": connector, "type_id": UNKNOWN},
        "query_info": {"name": operation or connector, "query_string": event.resource.id},
        "src_endpoint": {"svc_name": event.app_id or "unknown"},
    }


def _authentication(event: AuditEvent) -> Parts:
    return {"user": user(event.actor), "service": {"name": f"{PLATFORM} portal"}}


def _authorization(event: AuditEvent) -> Parts:
    """The privileges are the roles that were given; those taken are in what is unmapped."""
    given = event.metadata.get("given")
    roles = [str(role) for role in given] if isinstance(given, list) else []
    return {"user": {"uid": event.resource.id, "type_id": USER, "type": "User"}, "privileges": roles}


def _scan(event: AuditEvent) -> Parts:
    review = event.resource.id
    return {"scan": {"name": review, "uid": review, "type_id": OTHER, "type": "Review of a bundle"}}


def _compliance(event: AuditEvent) -> Parts:
    status = (FAIL, "Fail") if fell_short(event) else (PASS, "Pass")
    standards = event.metadata.get("frameworks")
    named = [str(one) for one in standards] if isinstance(standards, list) and standards else [PLATFORM]
    return {
        **_finding(event),
        "compliance": {"standards": named, "status_id": status[0], "status": status[1]},
    }


def fell_short(event: AuditEvent) -> bool:
    """Whether a report or a check did not find what should be: it was made all the same."""
    return event.metadata.get("passed") is False or event.result is not Result.SUCCESS


def _vulnerability(event: AuditEvent) -> Parts:
    faults = event.metadata.get("faults")
    known = [one for one in faults if isinstance(one, dict)] if isinstance(faults, list) else []
    return {**_finding(event), "vulnerabilities": [_fault(one) for one in known]}


def _fault(fault: Mapping[str, Any]) -> Parts:
    """The advisory by its CVE where it has one, else by the name its publisher gave it."""
    names = [str(fault.get("advisory")), *map(str, fault.get("aliases") or ())]
    cve = next((name for name in names if name.startswith("CVE-")), None)
    package = {"name": str(fault.get("package")), "version": str(fault.get("version"))}
    fixed = {"fixed_in_version": str(fault["fixed"])} if fault.get("fixed") else {}
    return {
        **({"cve": {"uid": cve}} if cve else {"advisory": {"uid": names[0]}}),
        "affected_packages": [{**package, **fixed}],
        "is_fix_available": bool(fixed),
    }


def _data_security(event: AuditEvent) -> Parts:
    connector = event.resource.id.partition("/")[0]
    return {
        **_finding(event),
        "data_security": {
            "detection_system_id": APPLICATION_DLP,
            "detection_system": "Application-Level DLP",
        },
        "database": {"name": connector, "type_id": UNKNOWN},
    }


def _finding(event: AuditEvent) -> Parts:
    return {
        "finding_info": {"uid": event.event_id, "title": event.action, "types": [event.action]},
        "resources": [_resource(event)],
    }


def _resource(event: AuditEvent) -> Parts:
    return {"type": event.resource.type, "uid": event.resource.id, "name": event.resource.id}


_OF_CLASS: Mapping[str, Callable[[AuditEvent], Parts]] = {
    "base_event": _nothing,
    "application_lifecycle": _application,
    "entity_management": _entity,
    "api_activity": _api,
    "datastore_activity": _datastore,
    "authentication": _authentication,
    "authorize_session": _authorization,
    "application_error": _nothing,
    "scan_activity": _scan,
    "compliance_finding": _compliance,
    "vulnerability_finding": _vulnerability,
    "data_security_finding": _data_security,
}
