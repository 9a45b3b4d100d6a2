"""A made-up ledger for reports: apps with their whole life, and as many accesses to data as asked for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import AppId, BundleDigest, EventId

START = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)
TIERS = ("low", "medium", "high")
CLASSES = (["internal"], ["internal", "personal"], ["internal", "confidential"], ["personal", "special"])


def told(apps: int, accesses: int) -> Iterator[AuditEvent]:
    """The story of March: the last app is approved by the one who made it, and its login is too old."""
    yield _event(
        "advisories.synced", "system", START + timedelta(hours=3), None, Resource(type="advisories", id="osv")
    )
    for number in range(apps):
        yield from _life(number, forbidden=number == apps - 1)
    for number in range(accesses):
        yield _access(number, apps)


def _life(number: int, *, forbidden: bool) -> Iterator[AuditEvent]:
    app = AppId(f"app-{number:04d}")
    digest = BundleDigest(f"sha256:{number:064x}")
    owner, tier = f"person-{number % 97}", "high" if forbidden else TIERS[number % 3]
    minutes = count(number * 31 % (20 * 1440), 7)

    def fact(action: str, who: str, **facts) -> AuditEvent:
        at = START + timedelta(minutes=next(minutes))
        about = facts.pop("about", Resource(type="app", id=app))
        return _event(action, who, at, app, about, digest=digest, **facts)

    yield fact("person.signed_in", owner, about=Resource(type="person", id=owner))
    yield fact("app.created", owner, team=f"team-{number % 12}")
    yield fact("app.drafted", owner)
    yield fact("review.submitted", owner)
    yield fact("app.submitted", owner)
    decision = "clear" if tier == "low" else "needs_approval"
    yield fact(
        "review.checked",
        "reviews",
        decision=decision,
        rules={"personal-data-public": 1} if number % 9 == 0 else {},
    )
    if tier != "low":
        approver = owner if forbidden else f"reviewer-{number % 5}"
        approval = Resource(type="approval", id=f"apr-{number}")
        yield fact("approval.decided", approver, about=approval, verdict="approve", tier=tier)
    if number % 20 == 3:
        exception = Resource(type="exception", id=f"exc-{number:024x}")
        yield fact(
            "exception.granted",
            "reviewer-1",
            about=exception,
            kind="finding",
            rule="personal-data-public",
            approved_by="reviewer-1",
            expires_at=(END + timedelta(days=60)).isoformat(),
        )
    yield fact("app.approved", "reviews")
    yield fact("bundle.attested", "reviews")
    yield fact("app.published", "reviews", tier=tier, retire_on="2026-09-01", classes=CLASSES[number % 4])
    login = Resource(type="secret", id=f"appguard/logins/hr-db/{app}")
    if number % 2 and not (forbidden and number):
        yield fact("secret.registered", "secrets", about=login)
        yield _event("secret.rotated", "secrets", END - timedelta(days=3), app, login)
    elif forbidden:
        yield fact("secret.registered", "secrets", about=login)


def _access(number: int, apps: int) -> AuditEvent:
    at = START + timedelta(days=12) + timedelta(seconds=number * 37 % (19 * 86_400))
    app = AppId(f"app-{number % apps:04d}")
    query = Resource(type="query", id="hr-db/my_requests")
    denied = number % 200 == 7
    facts = {"classes": CLASSES[number % 4], "rows": number % 50, "connector": "hr-db"}
    facts |= {"code": "export_blocked"} if denied else {}
    action = "data.exported" if denied else "data.write" if number % 10 == 0 else "data.read"
    result = Result.DENIED if denied else Result.SUCCESS
    return _event(
        action, f"person-{number % 400}", at, app, query, result=result, once=f"access {number}", **facts
    )


def _event(
    action, who, at, app, about, *, digest=None, result=Result.SUCCESS, once="", **facts
) -> AuditEvent:
    role = Role.SYSTEM if who in {"reviews", "secrets", "system"} else Role.EMPLOYEE
    return AuditEvent.of(
        action,
        Actor(id=who, role=role),
        about,
        at,
        event_id=EventId.of(action, str(app), about.id, at.isoformat(), once),
        result=result,
        app_id=app,
        bundle_digest=digest,
        **facts,
    )
