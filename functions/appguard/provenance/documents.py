"""The attestation of a review as files, for those who show or keep it."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from appguard.apps.catalog import CatalogSettings, bundle_in
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId
from appguard.provenance.accept import place_of
from appguard.provenance.store import BILL, ENVELOPE, Attestations, Place
from appguard.reviews.model import ReviewBase

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ATTESTATION_FILE, BILL_FILE, BUNDLE_FILE = "attestation.dsse.json", "attested-sbom.spdx.json", "bundle.zip"


def documents(review: ReviewBase) -> Mapping[str, bytes]:
    """The envelope and the bill of materials it names, by file name; empty when there is none."""
    return _files(_store(), place_of(review))


def latest(s3: "S3Client", bucket: str, app_id: AppId) -> Mapping[str, bytes]:
    """The same of the app's latest attestation, with the bundle it is about; raises `NotFound`."""
    store = Attestations(s3, bucket)
    place = store.newest(app_id)
    if place is None:
        raise NotFound(f"no version of {app_id} was attested")
    return {**_files(store, place), BUNDLE_FILE: bundle_in(s3, bucket, place.digest).to_zip()}


def _files(store: Attestations, place: Place) -> Mapping[str, bytes]:
    kinds = {ATTESTATION_FILE: ENVELOPE, BILL_FILE: BILL}
    found = {name: store.find(place, kind) for name, kind in kinds.items()}
    return {name: body for name, body in found.items() if body is not None}


@cache
def _store() -> Attestations:
    """The deployment's attestations, to read."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return Attestations(boto3.client("s3"), CatalogSettings.from_env().bucket)
