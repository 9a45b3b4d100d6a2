"""Step `Attest`: state, under our key, how an approved bundle came to be approved."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import Catalog, catalog
from appguard.apps.risk import assess
from appguard.connectors.registry import registry
from appguard.gates.model import GateResult
from appguard.gates.sbom import sbom
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import ReviewId
from appguard.provenance import dsse
from appguard.provenance.accept import Acceptance, acceptance, builder_key, place_of
from appguard.provenance.signing import BuilderKey
from appguard.provenance.statement import about, document, payload
from appguard.provenance.store import BILL, ENVELOPE, Attestations
from appguard.reviews.model import Approved, StepInput
from appguard.reviews.reviews import Reviews, reviews


@dataclass(frozen=True)
class Attest:
    """Signs once for each run of a review; whatever dies within, the next attempt ends where this would."""

    of: Reviews
    apps: Catalog
    results: Callable[[ReviewId], Sequence[GateResult]]
    store: Attestations
    acceptance: Acceptance
    key: Callable[[], BuilderKey]
    policies: Path

    def attest(self, step: StepInput) -> Approved:
        """Store the attestation and record it with the review; raises `NotAttested`, `SourceNotProtected`.

        What stands in the bucket already is kept: a second signature would be another document.
        """
        review = self.of.approved(step)
        if review.attestation:
            return review
        place = place_of(review)
        envelope = self.store.find(place, ENVELOPE) or self.store.keep(place, ENVELOPE, self._sealed(review))
        statement = self.acceptance.check(review, envelope)
        facts = {
            "attestation": hashlib.sha256(envelope).hexdigest(),
            "keyid": dsse.read(envelope).signatures[0].keyid,
            "source": statement.source.kind,
        }
        return self.of.attested(step, facts["attestation"], facts)

    def _sealed(self, review: Approved) -> bytes:
        bundle: Bundle = self.apps.bundle(review.bundle_digest)
        results = [r for r in self.results(review.review_id) if r.bundle_digest == bundle.digest]
        risk = assess(bundle.manifest(), registry(), bundle.files)
        made = document(sbom(bundle, lambda: review.approved_at))
        bill = json.loads(self.store.keep(place_of(review), BILL, made))
        body = payload(about(review, bundle, risk, results, self.policies, bill))
        key = self.key()
        return dsse.seal(body, key.keyid, key.sign(dsse.pae(dsse.PAYLOAD_TYPE, body)))


@cache
def attest() -> Attest:
    """The deployment's, made on first use."""
    from appguard.gates.evidence import results  # noqa: PLC0415 - with its client

    accepted = acceptance()
    return Attest(reviews(), catalog(), results, accepted.store, accepted, builder_key, policies_dir())
