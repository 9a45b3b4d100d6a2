"""Each way in which a version must not go without a person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from appguard.apps.behaviour import Behaviour
from appguard.apps.capabilities import Capabilities, Capability, Kind
from appguard.apps.capability_diff import CapabilityDiff, diff
from appguard.gates.decision import decide
from appguard.gates.model import Decision
from appguard.gates.renewal import Precedent, Renewal
from appguard.gates.review_policy import SkipRules
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import BundleDigest, PersonId
from appguard.kernel.levels import RiskTier
from tests.support.world import NOW, approve_finding

MORE = diff(Capabilities(), Capabilities.holding([Capability(kind=Kind.EGRESS, subject="x.example")]))
LESS = diff(Capabilities.holding([Capability(kind=Kind.EGRESS, subject="x.example")]), Capabilities())
WORKS = Behaviour(
    files={"logic.py": "1", "rates.csv": "2"}, pages=frozenset({"a", "b"}), purpose="p", owner="o"
)
ACCEPTED = approve_finding()
PRECEDENT = Precedent(
    approval_id="apr-" + "1" * 64,
    bundle_digest=BundleDigest("sha256:" + "1" * 64),
    approved_by=PersonId("rob"),
    approved_at=NOW - timedelta(days=10),
    owner=PersonId("ana"),
    tier=RiskTier.MEDIUM,
    policies={"policy": "sha256:1"},
    rules=frozenset({"policy/personal-data", "policy/export-personal"}),
    capabilities_digest="sha256:c",
    exceptions=("exc-1",),
)
SAME = Renewal(
    rules=SkipRules(enabled=True, max_tier=RiskTier.MEDIUM, approval_days=90),
    precedent=PRECEDENT,
    accepted={(ACCEPTED.gate, ACCEPTED.rule, ACCEPTED.message): 1},
    since_approved=CapabilityDiff(),
    since_published=CapabilityDiff(),
    capabilities_digest="sha256:c",
    before=WORKS,
    after=WORKS,
    owner=PersonId("ana"),
    policies={"policy": "sha256:1"},
    now=NOW,
)


def decided(renewal: Renewal, *findings: Finding, tier: RiskTier = RiskTier.MEDIUM) -> Decision:
    return decide(findings or (ACCEPTED,), tier, renewal)


def works(**changes: object) -> Behaviour:
    return WORKS.model_copy(update=changes)


def precedent(**changes: object) -> Precedent:
    return PRECEDENT.model_copy(update=changes)


def test_a_version_that_can_do_nothing_more_needs_nobody() -> None:
    assert decided(SAME) is Decision.CLEAR


def test_less_and_a_page_fewer_need_nobody_and_neither_does_the_finding_on_another_line() -> None:
    smaller = replace(SAME, since_approved=LESS, since_published=LESS, after=works(pages=frozenset({"a"})))

    assert decided(smaller, approve_finding(line=77)) is Decision.CLEAR


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"rules": SAME.rules.model_copy(update={"enabled": False})}, "by policy"),
        ({"rules": SAME.rules.model_copy(update={"max_tier": RiskTier.LOW})}, "risk is medium"),
        ({"precedent": precedent(tier=RiskTier.LOW)}, "risk is higher"),
        ({"now": PRECEDENT.approved_at + timedelta(days=90)}, "90 days old"),
        ({"owner": PersonId("bob")}, "another owner"),
        ({"after": works(owner="bob@example.com")}, "another owner"),
        ({"policies": {"policy": "sha256:2"}}, "rules or the checks"),
        ({"policies": {"policy": "sha256:1", "code": "sha256:1"}}, "rules or the checks"),
        ({"policies": {}}, "rules or the checks"),
        ({"capabilities_digest": "sha256:d"}, "connectors give"),
        ({"since_approved": MORE}, "more than the version a person approved"),
        ({"since_published": MORE}, "more than the version in use"),
        ({"since_published": None}, "No version of it is in use"),
        ({"after": works(files={"logic.py": "9", "rates.csv": "2"})}, "code has changed"),
        ({"after": works(files={"rates.csv": "2"})}, "code has changed"),
        ({"after": works(files={"logic.py": "1", "rates.csv": "9"})}, "files beside app.yaml"),
        ({"after": works(pages=frozenset({"a", "c"}))}, "page asks, computes or shows"),
        ({"after": works(purpose="another")}, "purpose has changed"),
        ({"accepted": {}}, "Nobody accepts now: personal-data"),
    ],
)
def test_it_does_not_go_without_a_person(change: dict[str, object], why: str) -> None:
    changed = replace(SAME, **change)

    assert decided(changed) is Decision.NEEDS_APPROVAL
    [objection] = changed.objections((ACCEPTED,), RiskTier.MEDIUM)
    assert why in objection


@pytest.mark.parametrize("severity", [Severity.APPROVE, Severity.WARN, Severity.HINT])
def test_a_rule_that_had_nothing_to_say_before_asks_a_person(severity: Severity) -> None:
    new = approve_finding("egress").model_copy(update={"severity": severity})

    assert decided(SAME, ACCEPTED, new) is Decision.NEEDS_APPROVAL


@pytest.mark.parametrize(
    "finding",
    [
        approve_finding(message="It reads personal data: salaries."),
        approve_finding().model_copy(update={"gate": "manifest"}),
        approve_finding("export-personal"),
    ],
    ids=["other words", "other gate", "a rule that only warned before"],
)
def test_a_finding_that_is_not_the_accepted_one_asks_a_person(finding: Finding) -> None:
    assert decided(SAME, finding) is Decision.NEEDS_APPROVAL


def test_the_accepted_finding_in_one_place_more_asks_a_person() -> None:
    assert decided(SAME, ACCEPTED, approve_finding(line=2)) is Decision.NEEDS_APPROVAL


def test_high_risk_asks_a_person_whatever_was_approved() -> None:
    high = replace(SAME, precedent=precedent(tier=RiskTier.HIGH))

    assert decided(high, tier=RiskTier.HIGH) is Decision.NEEDS_APPROVAL


def test_a_block_refuses_whatever_was_approved() -> None:
    blocked = ACCEPTED.model_copy(update={"severity": Severity.BLOCK})

    assert decided(SAME, ACCEPTED, blocked) is Decision.REFUSED


def test_without_a_precedent_a_person_is_asked() -> None:
    assert decide([ACCEPTED], RiskTier.MEDIUM, None) is Decision.NEEDS_APPROVAL
