"""What the gates found in a review: written by each gate, read by reviews, approvals and portal."""

from functools import cache
from typing import TYPE_CHECKING

from pydantic import Field

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import catalog
from appguard.apps.yaml_source import ManifestError
from appguard.gates.model import GateContext, GateResult, PolicyDocument
from appguard.gates.runner import run_one
from appguard.gates.store import Evidence
from appguard.kernel.ids import BundleDigest, ReviewId
from appguard.kernel.settings import Settings
from appguard.provenance.model import Source

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class GateSettings(Settings):
    """Where evidence is kept."""

    artifacts: str = Field(alias="ARTIFACTS_BUCKET")


def results(review_id: ReviewId) -> list[GateResult]:
    """What the gates have found in this review so far, by name of gate."""
    return evidence().results(review_id)


def look(gate: str, review_id: ReviewId, digest: BundleDigest, source: Source | None = None) -> GateResult:
    """Run one gate over the bundle under review and keep what it found."""
    bundle: Bundle = catalog().bundle(digest)
    context = GateContext.in_force(source)
    found = run_one(gate, bundle, context)
    asked = _asked(bundle, context) if gate == "policy" else None
    result = found.model_copy(update={"review_id": review_id, "input": asked})
    evidence().save(result)
    return result


def _asked(bundle: Bundle, context: GateContext) -> PolicyDocument | None:
    """What the policies were asked, kept with what they said; None for a manifest nobody can read."""
    from appguard.gates.subject import subject  # noqa: PLC0415 - only the policy gate's function needs it

    try:
        return PolicyDocument.of(subject(bundle, context))
    except ManifestError:
        return None


def as_kept(s3: "S3Client", bucket: str, review_id: ReviewId) -> dict[str, bytes]:
    """The bytes of every gate's result by name of gate, for whoever may read the bucket."""
    return Evidence(s3, bucket).bodies(review_id)


@cache
def evidence() -> Evidence:
    """The evidence of this deployment, its client made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return Evidence(boto3.client("s3"), GateSettings.from_env().artifacts)
