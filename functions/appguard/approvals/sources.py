"""Where the evidence of a review comes from: the bundle itself, the connectors, the gates' results."""

from collections.abc import Callable, Sequence

from appguard.approvals.evidence import Evidence, build
from appguard.apps.capabilities import Capabilities
from appguard.apps.catalog import Catalog
from appguard.apps.risk import assess
from appguard.apps.yaml_source import ManifestError
from appguard.connectors.registry import registry
from appguard.gates.model import GateResult
from appguard.kernel.ids import BundleDigest, ReviewId
from appguard.reviews.model import Review


def evidence_of(
    apps: Catalog, results: Callable[[ReviewId], Sequence[GateResult]]
) -> Callable[[Review], Evidence]:
    """A function that builds a review's evidence afresh, from content-addressed sources."""

    def evidence(review: Review) -> Evidence:
        bundle = apps.bundle(review.bundle_digest)
        manifest = bundle.manifest()
        return build(
            app=apps.get(review.app_id),
            requester=review.requester,
            source=review.source,
            digest=review.bundle_digest,
            manifest=manifest,
            files=list(bundle.files),
            risk=assess(manifest, registry(), bundle.files),
            results=[r for r in results(review.review_id) if r.bundle_digest == review.bundle_digest],
            connectors=registry(),
            replaces=review.replaces,
            before=capabilities(apps, review.replaces),
            after=Capabilities.of(bundle, registry()),
        )

    return evidence


def capabilities(apps: Catalog, digest: BundleDigest | None) -> Capabilities:
    """What an earlier version can do; none, or one nobody can read any more, could do nothing."""
    if digest is None:
        return Capabilities()
    try:
        return Capabilities.of(apps.bundle(digest), registry())
    except ManifestError:
        return Capabilities()
