"""What the gates found in a review: written by each gate, read by reviews, approvals and portal."""

from functools import cache

from pydantic import Field

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import catalog
from appguard.gates.model import GateContext, GateResult
from appguard.gates.runner import run_one
from appguard.gates.store import Evidence
from appguard.kernel.ids import BundleDigest, ReviewId
from appguard.kernel.settings import Settings


class GateSettings(Settings):
    """Where evidence is kept."""

    artifacts: str = Field(alias="ARTIFACTS_BUCKET")


def results(review_id: ReviewId) -> list[GateResult]:
    """What the gates have found in this review so far, by name of gate."""
    return evidence().results(review_id)


def look(gate: str, review_id: ReviewId, digest: BundleDigest) -> GateResult:
    """Run one gate over the bundle under review and keep what it found."""
    bundle: Bundle = catalog().bundle(digest)
    found = run_one(gate, bundle, GateContext.of_platform())
    result = found.model_copy(update={"review_id": review_id})
    evidence().save(result)
    return result


@cache
def evidence() -> Evidence:
    """The evidence of this deployment, its client made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return Evidence(boto3.client("s3"), GateSettings.from_env().artifacts)
