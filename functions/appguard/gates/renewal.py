"""A next version beside the one a person approved last: what in it needs a person again.

Everything is compared with the last version a *person* approved, and also with the one in use. Many
small steps that nobody looked at can so never add up to more than what somebody has looked at.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from appguard.apps.behaviour import Behaviour
from appguard.apps.capability_diff import CapabilityDiff
from appguard.gates.model import GateResult
from appguard.gates.review_policy import SkipRules
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import BundleDigest, PersonId
from appguard.kernel.levels import RiskTier
from appguard.kernel.record import Record

FindingKey = tuple[str, str, str]
"""Gate, rule and words of a finding: the same finding in two versions, wherever it stands."""


class Precedent(Record):
    """The last version of an app that a person approved, and what that person saw."""

    approval_id: str
    bundle_digest: BundleDigest
    approved_by: PersonId
    approved_at: AwareDatetime
    owner: PersonId
    tier: RiskTier
    policies: Mapping[str, str]
    """By gate, the digest of the policies it judged by; and of those that said who had to approve."""
    rules: frozenset[str]
    """Every rule that had something to say, as `gate/rule`."""
    capabilities_digest: str
    """Of its capabilities as the connectors stood then."""
    exceptions: tuple[str, ...]
    """Ids of what was accepted with it."""


@dataclass(frozen=True)
class Renewal:
    """Everything there is to compare. `accepted` counts the places of findings somebody still accepts."""

    rules: SkipRules
    precedent: Precedent
    accepted: Mapping[FindingKey, int]
    since_approved: CapabilityDiff
    since_published: CapabilityDiff | None
    capabilities_digest: str
    """Of the precedent's capabilities as the connectors stand now."""
    before: Behaviour
    after: Behaviour
    owner: PersonId
    policies: Mapping[str, str]
    now: datetime

    def objections(self, findings: Collection[Finding], tier: RiskTier) -> list[str]:
        """Why a person has to be asked; empty when nobody needs to be."""
        return [
            *self._of_the_approval(tier),
            *self._of_what_it_can_do(),
            *self._of_how_it_works(),
            *self._of_findings(findings),
        ]

    def _of_the_approval(self, tier: RiskTier) -> Iterator[str]:
        if not self.rules.enabled:
            yield "Nobody is spared by policy."
        if tier > self.rules.max_tier:
            yield f"Its risk is {tier.value}."
        if tier > self.precedent.tier:
            yield "Its risk is higher than that of the version a person approved."
        if self.now - self.precedent.approved_at >= timedelta(days=self.rules.approval_days):
            yield f"The last approval by a person is {self.rules.approval_days} days old or older."
        if self.owner != self.precedent.owner or self.after.owner != self.before.owner:
            yield "It has another owner."
        if dict(self.policies) != dict(self.precedent.policies):
            yield "The rules or the checks have changed since a person approved it."

    def _of_what_it_can_do(self) -> Iterator[str]:
        if self.capabilities_digest != self.precedent.capabilities_digest:
            yield "What its connectors give has changed since a person approved it."
        if self.since_approved.grew:
            yield "It can do more than the version a person approved."
        if self.since_published is None:
            yield "No version of it is in use."
        elif self.since_published.grew:
            yield "It can do more than the version in use."

    def _of_how_it_works(self) -> Iterator[str]:
        if self.before.python() != self.after.python():
            yield "Its code has changed."
        elif self.before.files != self.after.files:
            yield "Its files beside app.yaml have changed."
        if not self.after.pages <= self.before.pages:
            yield "A page asks, computes or shows something else."
        if self.before.purpose != self.after.purpose:
            yield "Its purpose has changed."

    def _of_findings(self, findings: Collection[Finding]) -> Iterator[str]:
        if new := rules_of(findings) - self.precedent.rules:
            yield f"A check found something new: {', '.join(sorted(new))}."
        asked = Counter(
            (finding.gate, finding.rule, finding.message)
            for finding in findings
            if finding.severity is Severity.APPROVE
        )
        open_ = sorted(
            {rule for (gate, rule, words), n in asked.items() if self._lacks((gate, rule, words), n)}
        )
        if open_:
            yield f"Nobody accepts now: {', '.join(open_)}."

    def _lacks(self, finding: FindingKey, places: int) -> bool:
        return self.accepted.get(finding, 0) < places


def rules_of(findings: Collection[Finding]) -> frozenset[str]:
    """Each rule that had something to say."""
    return frozenset(f"{finding.gate}/{finding.rule}" for finding in findings)


def policies_of(results: Collection[GateResult]) -> dict[str, str]:
    """By gate, the digest of the policies it judged by."""
    return {result.gate: result.policy_digest for result in results}
