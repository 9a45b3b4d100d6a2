"""Where the evidence of a review comes from: the bundle itself, the connectors, the gates' results."""

from collections.abc import Callable

from appguard.approvals.evidence import Evidence, build
from appguard.apps.catalog import Catalog
from appguard.apps.risk import assess
from appguard.connectors.registry import registry
from appguard.gates.evidence import results
from appguard.reviews.model import Review


def evidence_of(apps: Catalog) -> Callable[[Review], Evidence]:
    """A function that builds a review's evidence afresh, from content-addressed sources."""

    def evidence(review: Review) -> Evidence:
        bundle = apps.bundle(review.bundle_digest)
        manifest = bundle.manifest()
        return build(
            app=apps.get(review.app_id),
            requester=review.requester,
            digest=review.bundle_digest,
            manifest=manifest,
            files=list(bundle.files),
            risk=assess(manifest, registry(), bundle.files),
            results=[r for r in results(review.review_id) if r.bundle_digest == review.bundle_digest],
            connectors=registry(),
        )

    return evidence
