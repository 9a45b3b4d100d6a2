"""The versions of an app: who submitted which and what came of it, what changed, and going back to one."""

from appguard.apps.bundle import Bundle
from appguard.apps.capabilities import Capabilities
from appguard.apps.capability_diff import CapabilityDiff, diff
from appguard.apps.catalog import catalog
from appguard.apps.file_diff import file_diffs
from appguard.apps.model import App
from appguard.apps.yaml_source import ManifestError
from appguard.connectors.registry import registry
from appguard.kernel.errors import Conflict, NotFound
from appguard.kernel.event import Role
from appguard.portal import render
from appguard.portal.access import EDITORS_OF_ANY, READERS
from appguard.portal.apps import editable, visible
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.intent import EDITABLE
from appguard.portal.versions import Version, versions_of


def show(request: Request) -> Reply:
    """The list, the newest first."""
    app = _readable(request)
    mine = app.owner == request.person.id
    found = versions_of(app)
    restored = request.query.get("restored", "")
    return render.page(
        "versions.html",
        request,
        app=app,
        versions=found,
        restorable=(mine or request.is_any(EDITORS_OF_ANY)) and app.state in EDITABLE,
        restored=next((one.digest for one in found if one.digest == restored), None),
    )


def compare(request: Request) -> Reply:
    """What changed between two of them: what the app may do, in words, and its files."""
    app = _readable(request)
    found = versions_of(app)
    before, after = (_named(found, request.query.get(side, "")) for side in ("before", "after"))
    one, other = (catalog().bundle(version.digest) for version in (before, after))
    return render.page(
        "versions_compare.html",
        request,
        app=app,
        versions=found,
        before=before,
        after=after,
        changes=_capabilities(one, other),
        files=file_diffs(one.files, other.files),
    )


def restore(request: Request) -> Reply:
    """Make an earlier version the draft again; the draft that one saw is replaced, and no newer one."""
    app = editable(request)
    version = _named(versions_of(app), request.form.get("version", ""))
    if request.form.get("draft") != app.draft:
        raise Conflict("The draft was changed since this page was made", "Look at the list again first.")
    catalog().save_draft(
        app.app_id, catalog().bundle(version.digest), request.acting_as(Role.REQUESTER, Role.EDITOR)
    )
    return redirect(f"/my/{app.app_id}/versions", restored=version.digest)


def _readable(request: Request) -> App:
    """An app whose inside the person may see: their own, or any for those who watch over apps."""
    app = visible(request)
    if app.owner == request.person.id or request.is_any(READERS):
        return app
    raise NotFound("There is no such app")


def _named(found: list[Version], digest: str) -> Version:
    """A version of this very app: no other app's files are shown or taken by their digest."""
    version = next((one for one in found if one.digest == digest), None)
    if version is None:
        raise NotFound("This app has no such version")
    return version


def _capabilities(before: Bundle, after: Bundle) -> CapabilityDiff | None:
    """None where one of the two cannot be read, so that nobody knows what it may do."""
    try:
        return diff(*(Capabilities.of(each, registry()) for each in (before, after)))
    except ManifestError:
        return None
