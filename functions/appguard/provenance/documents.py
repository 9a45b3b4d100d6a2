"""The attestation of a review as files, for those who show or keep it."""

from collections.abc import Mapping
from functools import cache

from appguard.apps.catalog import CatalogSettings
from appguard.provenance.accept import place_of
from appguard.provenance.store import BILL, ENVELOPE, Attestations
from appguard.reviews.model import ReviewBase

ATTESTATION_FILE, BILL_FILE = "attestation.dsse.json", "attested-sbom.spdx.json"


def documents(review: ReviewBase) -> Mapping[str, bytes]:
    """The envelope and the bill of materials it names, by file name; empty when there is none."""
    found = {
        name: _store().find(place_of(review), kind)
        for name, kind in ((ATTESTATION_FILE, ENVELOPE), (BILL_FILE, BILL))
    }
    return {name: body for name, body in found.items() if body is not None}


@cache
def _store() -> Attestations:
    """The deployment's attestations, to read."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return Attestations(boto3.client("s3"), CatalogSettings.from_env().bucket)
