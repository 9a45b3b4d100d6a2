"""What a next version may rest on: the last one a person approved, and what is still accepted of it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appguard.approvals.evidence import Evidence
from appguard.approvals.exceptions.exceptions import Exceptions, exceptions
from appguard.approvals.exceptions.model import AcceptedFinding, Open
from appguard.approvals.model import Decided
from appguard.approvals.policy import ApprovalPolicy, approval_policy
from appguard.approvals.settings import ApprovalSettings
from appguard.approvals.sources import capabilities
from appguard.approvals.store import ApprovalStore
from appguard.apps.behaviour import Behaviour
from appguard.apps.capabilities import Capabilities
from appguard.apps.capability_diff import diff
from appguard.apps.catalog import Catalog
from appguard.apps.yaml_source import ManifestError
from appguard.connectors.registry import registry
from appguard.gates.model import GateResult
from appguard.gates.renewal import FindingKey, Precedent, Renewal, policies_of, rules_of
from appguard.gates.review_policy import SkipRules
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import PersonId, ReviewId
from appguard.reviews.model import Review

logger = logging.getLogger(__name__)
SEATS = "approvals"
"""Beside the gates: by which policy people were asked. Once others have to be, nothing rests on it."""


def precedent_of(
    decided: Decided, evidence: Evidence, owner: PersonId, accepted: Sequence[Open]
) -> Precedent:
    """What an approval leaves for later versions to rest on: exactly what its evidence showed."""
    return Precedent(
        approval_id=decided.approval_id,
        bundle_digest=decided.bundle_digest,
        approved_by=decided.decided_by,
        approved_at=decided.decided_at,
        owner=owner,
        tier=decided.tier,
        policies={gate.gate: gate.policy_digest for gate in evidence.gates} | {SEATS: decided.policy},
        rules=rules_of(evidence.findings),
        capabilities_digest=evidence.capabilities_digest,
        exceptions=tuple(each.exception_id for each in accepted),
    )


@dataclass(frozen=True)
class Renewals:
    """Puts a review's bundle beside the last one a person approved."""

    store: ApprovalStore
    exceptions: Exceptions
    apps: Catalog
    results: Callable[[ReviewId], Sequence[GateResult]]
    rules: SkipRules
    policy: ApprovalPolicy
    clock: Clock = utc_now

    def of(self, review: Review) -> Renewal | None:
        """What there is to compare; None when there is nothing to rest on, so that a person is asked."""
        if not self.rules.enabled:
            return None
        precedent = self.store.precedent(review.app_id)
        try:
            return self._beside(precedent, review) if precedent else None
        except (NotFound, ManifestError):
            logger.exception("a version cannot be compared", extra={"review_id": review.review_id})
            return None

    def _beside(self, precedent: Precedent, review: Review) -> Renewal:
        bundle, approved = self.apps.bundle(review.bundle_digest), self.apps.bundle(precedent.bundle_digest)
        now_able, then_able = (Capabilities.of(each, registry()) for each in (bundle, approved))
        in_use = capabilities(self.apps, review.replaces)
        results = [r for r in self.results(review.review_id) if r.bundle_digest == review.bundle_digest]
        return Renewal(
            rules=self.rules,
            precedent=precedent,
            accepted=self._accepted(precedent),
            since_approved=diff(then_able, now_able),
            since_published=diff(in_use, now_able) if review.replaces else None,
            capabilities_digest=then_able.digest,
            before=Behaviour.of(approved),
            after=Behaviour.of(bundle),
            owner=self.apps.get(review.app_id).owner,
            policies=policies_of(results) | {SEATS: self.policy.digest},
            now=self.clock(),
        )

    def _accepted(self, precedent: Precedent) -> dict[FindingKey, int]:
        """Read one by one, and so up to date: what was revoked a moment ago counts for nothing."""
        found = [self.exceptions.get(each) for each in precedent.exceptions]
        holding = [each for each in found if isinstance(each, Open) and each.holds(self.clock())]
        accepted = [each.about for each in holding if isinstance(each.about, AcceptedFinding)]
        return {(each.gate, each.rule, each.message): each.places for each in accepted}


def renewals() -> Renewals:
    """The deployment's renewals."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.apps.catalog import catalog  # noqa: PLC0415
    from appguard.audit.outbox import outbox  # noqa: PLC0415
    from appguard.gates.evidence import results  # noqa: PLC0415
    from appguard.gates.review_policy import review_policy  # noqa: PLC0415

    store = ApprovalStore(boto3.client("dynamodb"), outbox(), ApprovalSettings.from_env().table)
    rules = review_policy().skip_the_human
    return Renewals(store, exceptions(), catalog(), results, rules, approval_policy())
