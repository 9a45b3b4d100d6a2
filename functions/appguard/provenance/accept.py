"""Does a review's bundle carry an attestation that lets it run? Asked before building and publishing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from appguard.apps.catalog import Catalog, catalog
from appguard.apps.risk import assess
from appguard.connectors.registry import registry
from appguard.provenance.errors import NotAttested
from appguard.provenance.keys import Keys
from appguard.provenance.model import Statement
from appguard.provenance.settings import ProvenanceSettings
from appguard.provenance.signing import BuilderKey
from appguard.provenance.sources import Sources, sources
from appguard.provenance.store import ENVELOPE, Attestations, Place
from appguard.provenance.verify import Expected, verify
from appguard.reviews.model import Approved, ReviewBase


@dataclass(frozen=True)
class Acceptance:
    """Verifies what is stored; a missing object, key or file is a refusal like a false signature."""

    store: Attestations
    keys: Callable[[], Keys]
    apps: Catalog
    sources: Callable[[], Sources]

    def recorded(self, review: Approved) -> Statement:
        """The statement about `review`'s bundle; raises `NotAttested` or `SourceNotProtected`."""
        envelope = self.store.find(place_of(review), ENVELOPE)
        if envelope is None or review.attestation is None:
            raise NotAttested(f"there is no attestation of {review.bundle_digest} by {review.execution}")
        if hashlib.sha256(envelope).hexdigest() != review.attestation:
            raise NotAttested("the attestation is not the one this review recorded")
        return self.check(review, envelope)

    def check(self, review: Approved, envelope: bytes) -> Statement:
        """The statement in `envelope`, if it holds for `review` and its source may hold such data."""
        expected = Expected(review.app_id, review.bundle_digest, review.execution)
        statement = verify(envelope, self.keys(), expected)
        bundle = self.apps.bundle(review.bundle_digest)
        risk = assess(bundle.manifest(), registry(), bundle.files)
        self.sources().require(statement, risk.classes)
        return statement


def place_of(review: ReviewBase) -> Place:
    """Where the attestation of the review's current run stands."""
    return Place(review.app_id, review.bundle_digest, review.execution)


@cache
def acceptance() -> Acceptance:
    """The deployment's, made on first use; KMS checks the signatures."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    store = Attestations(boto3.client("s3"), ProvenanceSettings.from_env().bucket)
    return Acceptance(store, lambda: {builder_key().keyid: builder_key().holds}, catalog(), sources)


@cache
def builder_key() -> BuilderKey:
    """The deployment's key, asked for on first use."""
    import boto3  # noqa: PLC0415 - likewise

    return BuilderKey(boto3.client("kms"), ProvenanceSettings.from_env().key_id)
