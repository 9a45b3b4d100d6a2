from datetime import UTC, datetime, timedelta

import pytest

from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import AppId, BundleDigest
from appguard.reports.compliance import compliance
from appguard.reports.model import LedgerCheck, LogLine

NOW = datetime(2026, 3, 31, tzinfo=UTC)
BUNDLE = BundleDigest("sha256:" + "a" * 64)
OTHER = BundleDigest("sha256:" + "b" * 64)
GOOD = LedgerCheck(logs=(LogLine(log="3y", entries=5, checkpoints=1, root="00"),))


def fact(action, who="ana", days_ago=1, digest=BUNDLE, result=Result.SUCCESS, **metadata) -> AuditEvent:
    return AuditEvent.of(
        action,
        Actor(id=who, role=Role.EMPLOYEE),
        Resource(type="query", id="hr-db/team_calendar"),
        NOW - timedelta(days=days_ago),
        app_id=AppId("leave-request"),
        bundle_digest=digest,
        result=result,
        **metadata,
    )


def report(*events, ledger=GOOD):
    return compliance(events, [], ledger, NOW - timedelta(days=31), NOW)


def release(approver="rob", digest=BUNDLE):
    return (
        fact("app.created", days_ago=5),
        fact("app.submitted", days_ago=4),
        fact("approval.decided", approver, days_ago=3, digest=digest, verdict="approve"),
        fact("app.published", "system", days_ago=2, tier="high"),
    )


def failed(made) -> list[str]:
    return [check.name for check in made.checks if not check.passed]


def test_a_release_another_person_approved_is_in_order():
    made = report(*release())
    assert made.passed
    assert made.publications[0].approvers == ("rob",)


def test_approving_ones_own_app_fails_two_checks():
    assert failed(report(*release(approver="ana"))) == [
        "Nobody approved what they had asked for",
        "Apps above low risk were approved by another person",
    ]


def test_whose_push_sent_an_earlier_version_may_approve_the_next_and_not_their_own():
    earlier = fact("app.drafted", "rob", 3, digest="sha256:" + "9" * 64)
    assert failed(report(earlier, *release("rob"))) == []
    assert failed(report(fact("submission.received", "rob", 3), *release("rob")))


def test_an_approval_of_another_bundle_covers_nothing():
    assert failed(report(*release(digest=OTHER))) == ["Apps above low risk were approved by another person"]


def test_a_refusal_covers_nothing():
    events = [
        e.model_copy(update={"metadata": {"verdict": "refuse"}}) if e.action == "approval.decided" else e
        for e in release()
    ]
    assert failed(report(*events)) == ["Apps above low risk were approved by another person"]


def test_a_low_risk_release_needs_nobody():
    assert report(fact("app.published", tier="low")).passed


def test_an_approval_before_the_period_still_covers_a_release_within():
    created, submitted, decided, published = release()
    early = decided.model_copy(update={"timestamp": NOW - timedelta(days=60)})
    made = report(created, submitted, early, published)
    assert made.publications[0].covered
    assert made.approvals == ()


def test_access_is_summed_by_class():
    made = report(
        fact("data.read", "mia", classes=["internal", "personal"], rows=3),
        fact("data.read", "bob", classes=["internal", "personal"], rows=4),
        fact("data.read", "bob", days_ago=40, classes=["internal"], rows=4),
    )
    assert [(a.data_class, a.accesses, a.people, a.rows) for a in made.access] == [
        ("internal", 2, 2, 7),
        ("personal", 2, 2, 7),
    ]


def test_a_retracted_access_never_took_place():
    read = fact("data.read", "mia", classes=["internal"], rows=3)
    gone = fact("data.read", "mia", result=Result.FAILURE, retracts=read.event_id)
    assert report(read, gone).access == ()


def test_denied_exports_are_listed_with_their_reason():
    [line] = report(fact("data.exported", "mia", result=Result.DENIED, code="export_blocked")).denied
    assert (line.actor, line.code, line.resource) == ("mia", "export_blocked", "query hr-db/team_calendar")


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_entries_does_not_matter(order):
    assert report(*release()[::order]) == report(*release())
