"""What the app pages share: who may see an app, and what is known of its draft."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from appguard.apps.bundle import Bundle
from appguard.apps.capabilities import Capabilities
from appguard.apps.capability_diff import CapabilityDiff, diff
from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.apps.manifest import Manifest
from appguard.apps.model import App, Risk
from appguard.apps.risk import assess
from appguard.apps.yaml_source import ManifestError
from appguard.connectors.registry import registry
from appguard.kernel.errors import Conflict, Forbidden, NotFound
from appguard.kernel.ids import AppId
from appguard.portal.access import EDITORS_OF_ANY, READERS
from appguard.portal.http import Request
from appguard.portal.intent import EDITABLE

if TYPE_CHECKING:
    from appguard.reviews.model import Approved, Published, Review


@dataclass(frozen=True)
class Draft:
    """The app's latest saved version; `manifest` is absent while it cannot be read."""

    bundle: Bundle
    manifest: Manifest | None
    risk: Risk | None
    problem: ManifestError | None


def app_id(request: Request) -> AppId:
    """The app a path names; what cannot be an id names none."""
    try:
        return AppId(request.params["app_id"])
    except ValueError:
        raise NotFound("There is no such app") from None


def visible(request: Request) -> App:
    """An app the person may look at: their own, a published one, or any for those who watch over apps."""
    app = catalog().get(app_id(request))
    if app.owner == request.person.id or request.is_any(READERS) or app.state is State.ACTIVE:
        return app
    raise NotFound("There is no such app")


def own(request: Request) -> App:
    """An app the person owns."""
    app = visible(request)
    if app.owner != request.person.id:
        raise Forbidden("Only the owner of an app may change it", f"Ask {app.owner_email}.")
    return app


def editable(request: Request) -> App:
    """An app whose draft the person may edit, as its owner or for them, and that may change now."""
    app = visible(request) if request.is_any(EDITORS_OF_ANY) else own(request)
    if app.state not in EDITABLE:
        raise Conflict(f"An app that is {app.state.value.replace('_', ' ')} cannot be changed")
    return app


def draft_of(app: App) -> Draft | None:
    """The app's draft and its risk, if it has one."""
    return None if app.draft is None else draft(catalog().bundle(app.draft))


def draft(bundle: Bundle) -> Draft:
    """What is known of a bundle."""
    try:
        manifest = bundle.manifest()
    except ManifestError as problem:
        return Draft(bundle, None, None, problem)
    return Draft(bundle, manifest, assess(manifest, registry(), bundle.files.keys()), None)


def changes_of(app: App, next_: Draft | None) -> CapabilityDiff | None:
    """What the draft can do beside the version in use; None where there are not two to compare."""
    if app.in_use is None or next_ is None or next_.manifest is None or next_.bundle.digest == app.in_use:
        return None
    before = draft(catalog().bundle(app.in_use))
    if before.manifest is None:
        return None
    return diff(*(Capabilities.of(each.bundle, registry()) for each in (before, next_)))


def latest_review(app: App) -> "Review | None":
    """The newest review of an app, if it was ever submitted."""
    from appguard.reviews.reviews import reviews  # noqa: PLC0415 - not every page asks

    return next(iter(reviews().of_app(app.app_id)), None)


def attested_review(app_id: AppId, digest: str | None) -> "Published | Approved | None":
    """The review that approved and attested this version of the app."""
    from appguard.reviews.model import Approved, Published  # noqa: PLC0415 - as above
    from appguard.reviews.reviews import reviews  # noqa: PLC0415

    for review in reviews().of_app(app_id) if digest else ():
        if isinstance(review, Approved | Published) and review.bundle_digest == digest and review.attestation:
            return review
    return None
