"""Write the statement about an approved bundle: the same record and evidence give the same bytes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785

from appguard.apps.bundle import Bundle
from appguard.apps.model import Risk
from appguard.gates.model import GateResult
from appguard.kernel.finding import Severity
from appguard.provenance.errors import NotAttested
from appguard.provenance.materials import commit, materials, sha256
from appguard.provenance.model import (
    BuildDefinition,
    DigestSet,
    ExternalParameters,
    InternalParameters,
    Metadata,
    Provenance,
    Resource,
    RunDetails,
    Statement,
    Subject,
)
from appguard.reviews.model import Approved, Stage

SBOM_TYPE = "application/spdx+json"


def about(
    review: Approved,
    bundle: Bundle,
    risk: Risk,
    results: Sequence[GateResult],
    policies: Path,
    bill: dict[str, Any],
) -> Statement:
    """The statement about `review`'s bundle. All times are the review's: a retry says what was said before.

    Raises `NotAttested` when there is no evidence. Gates that ran while policies changed name each their own.
    """
    judged_by = sorted({result.policy_digest for result in results})
    if not judged_by:
        raise NotAttested(f"the gates left no evidence about {bundle.digest}")
    definition = BuildDefinition(
        external_parameters=ExternalParameters(
            app_id=review.app_id,
            requester=review.requester,
            source=review.origin,
        ),
        internal_parameters=InternalParameters(
            tier=risk.tier,
            classes=risk.classes,
            attempt=review.attempt,
            decided_by=review.decided_by,
            rests_on=review.rests_on.approval_id if review.rests_on else None,
        ),
        resolved_dependencies=(
            *commit(review.source),
            *materials(bundle.manifest(), policies, judged_by, bill),
        ),
    )
    run = RunDetails(
        metadata=Metadata(
            invocation_id=review.execution,
            started_on=_second(review.reached[Stage.SUBMITTED]),
            finished_on=_second(review.approved_at),
        ),
        byproducts=tuple(_byproducts(results, bill)),
    )
    return Statement(
        subject=(
            Subject(name=review.app_id, digest=DigestSet(sha256=bundle.digest.hex)),
            Subject(name=f"{review.app_id}.zip", digest=sha256(bundle.to_zip())),
        ),
        predicate=Provenance(build_definition=definition, run_details=run),
    )


def payload(statement: Statement) -> bytes:
    """The bytes to sign: canonical JSON (RFC 8785), without what is absent."""
    return rfc8785.dumps(statement.model_dump(mode="json", by_alias=True, exclude_none=True))


def document(bill: dict[str, Any]) -> bytes:
    """The bill of materials as the bytes whose digest the statement names."""
    return rfc8785.dumps(bill)


def _byproducts(results: Sequence[GateResult], bill: dict[str, Any]) -> Iterator[Resource]:
    """What each gate found, by digest and in numbers, and the bill of materials."""
    for result in sorted(results, key=lambda result: result.gate):
        counts = {str(s): sum(f.severity is s for f in result.findings) for s in Severity}
        yield Resource(
            name=f"gate/{result.gate}",
            digest=sha256(result.model_dump_json().encode()),
            media_type="application/json",
            annotations={**counts, "policy": result.policy_digest},
        )
    yield Resource(name="sbom", digest=sha256(document(bill)), media_type=SBOM_TYPE)


def _second(moment: datetime) -> datetime:
    """In UTC and whole seconds, as SLSA's readers expect."""
    return moment.astimezone(UTC).replace(microsecond=0)
