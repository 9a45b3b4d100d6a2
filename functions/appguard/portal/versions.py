"""The versions of an app people may look at: what was submitted, and the draft."""

from typing import NamedTuple

from appguard.apps.model import App
from appguard.kernel.ids import BundleDigest
from appguard.reviews.model import Review
from appguard.reviews.reviews import reviews


class Version(NamedTuple):
    """One version: its review if it was submitted, and whether the owner works on it or people use it."""

    digest: BundleDigest
    review: Review | None
    is_draft: bool
    in_use: bool


def versions_of(app: App) -> list[Version]:
    """The draft, unless it is what was submitted last, then all that was submitted, the newest first."""
    found = [
        Version(one.bundle_digest, one, one.bundle_digest == app.draft, one.bundle_digest == app.in_use)
        for one in reviews().of_app(app.app_id)
    ]
    known = {version.digest for version in found}
    others = dict.fromkeys(digest for digest in (app.draft, app.in_use) if digest and digest not in known)
    return [*(Version(one, None, one == app.draft, one == app.in_use) for one in others), *found]
