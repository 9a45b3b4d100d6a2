"""The operations other contexts call, made for this deployment."""

from functools import cache
from typing import TYPE_CHECKING

from appguard.approvals.approvals import approvals
from appguard.approvals.exceptions.exceptions import exceptions
from appguard.approvals.exceptions.model import Open
from appguard.apps.catalog import catalog
from appguard.apps.model import App
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId
from appguard.kernel.person import Person
from appguard.operations.archive import Archive
from appguard.operations.quarantine import Quarantine
from appguard.operations.retirement import Retirement
from appguard.operations.store import ArchiveSettings, ArchiveStore
from appguard.operations.suspension import Suspension
from appguard.operations.sweep import Sweep
from appguard.operations.transfer import Transfer
from appguard.operations.usage import Usage
from appguard.provisioning.provisioner import provisioner
from appguard.reviews.model import Approved, Published, Running, Waiting
from appguard.reviews.reviews import reviews

if TYPE_CHECKING:
    from appguard.operations.recheck import Recheck


def recertify(app_id: AppId, by: Actor, note: str = "") -> App:
    """The owner confirms that the app is needed; it is active with new dates."""
    return suspension().recertify(app_id, by, note)


def suspend(app_id: AppId, by: Actor, note: str) -> App:
    """Stop the app now, because somebody who may asked for it; recertifying brings it back."""
    return suspension().suspend(app_id, reason="asked", by=by, note=note) or catalog().get(app_id)


def retire(app_id: AppId, by: Actor, note: str) -> App:
    """Take the app out of service for good; its records are kept."""
    return retirement().retire(app_id, by, note)


def lock(app_id: AppId, by: Actor, note: str) -> App:
    """Cut the app off from data and stop it, while security looks into it."""
    return quarantine().lock(app_id, by, note)


def release(app_id: AppId, by: Actor, note: str) -> App:
    """Security is done with the app: it runs again."""
    return quarantine().release(app_id, by, note)


@cache
def quarantine() -> Quarantine:
    """Locks and releases."""
    return Quarantine(catalog(), provisioner(), exceptions().lapsed)


def transfer() -> Transfer:
    """Hands apps over."""
    return Transfer(catalog(), _under_way, _vouched)


def _under_way(app_id: AppId) -> bool:
    return any(isinstance(review, Running | Waiting | Approved) for review in reviews().of_app(app_id))


def _vouched(app: App, person: Person) -> bool:
    """Whether a person had a voice in approving what is in use, or accepted something that holds."""
    vouching: set[str] = {
        each.approved_by for each in exceptions().of_app(app.app_id) if isinstance(each, Open)
    }
    for review in reviews().of_app(app.app_id):
        if isinstance(review, Published) and review.bundle_digest == app.in_use:
            vouching |= {*approvals().heard(review.review_id), str(review.decided_by)}
            vouching |= {review.rests_on.approved_by} if review.rests_on else set()
    return person.id in vouching


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
