"""The operations other contexts call, made for this deployment."""

from functools import cache
from typing import TYPE_CHECKING

from appguard.approvals.exceptions.exceptions import exceptions
from appguard.apps.catalog import catalog
from appguard.apps.model import App
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId
from appguard.operations.archive import Archive
from appguard.operations.retirement import Retirement
from appguard.operations.store import ArchiveSettings, ArchiveStore
from appguard.operations.suspension import Suspension
from appguard.operations.sweep import Sweep
from appguard.operations.usage import Usage
from appguard.provisioning.provisioner import provisioner
from appguard.reviews.reviews import reviews

if TYPE_CHECKING:
    from appguard.operations.recheck import Recheck


def recertify(app_id: AppId, by: Actor) -> App:
    """The owner confirms that the app is needed; it is active with new dates."""
    return suspension().recertify(app_id, by)


def suspend(app_id: AppId, by: Actor) -> App:
    """Stop the app now, because somebody who may asked for it; recertifying brings it back."""
    return suspension().suspend(app_id, reason="asked", by=by) or catalog().get(app_id)


def retire(app_id: AppId, by: Actor) -> App:
    """Take the app out of service for good; its records are kept."""
    return retirement().retire(app_id, by)


@cache
def suspension() -> Suspension:
    """Suspends and recertifies."""
    return Suspension(catalog(), provisioner(), exceptions().lapsed)


@cache
def retirement() -> Retirement:
    """Retires."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.gates.evidence import results  # noqa: PLC0415
    from appguard.gates.sbom import sbom  # noqa: PLC0415
    from appguard.provenance.documents import documents  # noqa: PLC0415

    store = ArchiveStore(boto3.client("s3"), ArchiveSettings.from_env().bucket)
    archive = Archive(store, catalog(), reviews(), results, sbom, documents)
    return Retirement(catalog(), provisioner(), archive)


@cache
def sweep() -> Sweep:
    """Does what is due."""
    return Sweep(catalog(), suspension(), retirement(), exceptions())


@cache
def recheck() -> "Recheck":
    """Looks again at apps in use."""
    from appguard.operations.recheck import Recheck  # noqa: PLC0415 - it reads packages, which others need not
    from appguard.packages.stored import advisories  # noqa: PLC0415 - asked for by the one function

    return Recheck(catalog(), advisories(), exceptions().of_app)


@cache
def usage() -> Usage:
    """Notices use."""
    return Usage(catalog())
