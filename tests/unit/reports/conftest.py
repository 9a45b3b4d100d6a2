from datetime import timedelta
from pathlib import Path

import pytest

from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import AppId, BundleDigest
from appguard.reports.catalogue import FrameworkName, catalogue
from appguard.reports.figures.compute import figures
from appguard.reports.history import read
from appguard.reports.model import Figures, LedgerCheck, LogLine, Period
from appguard.reports.report import Report, report, rules_in
from tests.support.ledger import (  # noqa: F401
    aws,
    dynamodb,
    event,
    intake,
    key,
    outbox,
    s3,
    seal,
    sequencer,
    signer,
    written,
)
from tests.support.reported import END, START

AGES = {"session_key": 37, "database_login": 10, "administrator": 37}
BUNDLE = BundleDigest("sha256:" + "a" * 64)
GOOD = LedgerCheck(logs=(LogLine(log="3y", entries=5, checkpoints=1, root="AA=="),))
MARCH = Period(since=START, until=END)


@pytest.fixture
def fact():
    """One event of leave-request, some days before the end of March."""

    def build(action, who="ana", days_ago=1.0, digest=BUNDLE, result=Result.SUCCESS, about=None, **metadata):
        return AuditEvent.of(
            action,
            Actor(id=who, role=Role.EMPLOYEE),
            about or Resource(type="query", id="hr-db/team_calendar"),
            END - timedelta(days=days_ago),
            app_id=AppId("leave-request"),
            bundle_digest=digest,
            result=result,
            **metadata,
        )

    return build


@pytest.fixture
def figured():
    """The figures of March over these events."""

    def compute(*events: AuditEvent, ledger: LedgerCheck = GOOD, period: Period = MARCH) -> Figures:
        return figures(read(events, period.until), ledger, period, AGES)

    return compute


@pytest.fixture(scope="session")
def rules():
    return rules_in(Path("policies"))


@pytest.fixture
def reported(rules):
    """A report over figures."""

    def make(found: Figures, name: FrameworkName = FrameworkName.SOC2) -> Report:
        return report(f"{name}-2026-03", name, catalogue().frameworks[name], found, rules, END)

    return make


@pytest.fixture
def release(fact):
    """The life of an app up to its publication."""

    def life(approver="rob", digest=BUNDLE) -> tuple[AuditEvent, ...]:
        return (
            fact("app.created", days_ago=6, team="HR"),
            fact("app.submitted", days_ago=5),
            fact("review.checked", "reviews", days_ago=4, decision="needs_approval", rules={"pii-out": 2}),
            fact("approval.decided", approver, days_ago=3, digest=digest, verdict="approve"),
            fact("app.approved", "reviews", days_ago=2.9),
            fact("bundle.attested", "reviews", days_ago=2.5),
            fact(
                "app.published",
                "reviews",
                days_ago=2,
                tier="high",
                retire_on="2026-09-01",
                classes=["personal"],
            ),
        )

    return life
