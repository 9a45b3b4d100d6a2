"""The editor: the manifest as text, with what the checks would say beside it."""

from collections.abc import Mapping
from typing import Any

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.catalog import catalog
from appguard.apps.hints import sections
from appguard.apps.model import App
from appguard.gates.limits import SECONDS
from appguard.gates.model import GateContext, Report
from appguard.gates.runner import run
from appguard.kernel.errors import Conflict, Invalid, TooLarge
from appguard.kernel.event import Role
from appguard.kernel.finding import Severity
from appguard.kernel.fix import Fix, apply
from appguard.packages import requirements
from appguard.portal import render
from appguard.portal.apps import draft, editable
from appguard.portal.findings import weight
from appguard.portal.http import Reply, Request, redirect

WHILE_TYPING = {gate: SECONDS[gate] for gate in ("manifest", "policy")}
"""The search for secrets costs a second, which is too long for a keystroke; it runs on what is saved."""
OF_FILES = {"dependencies": min(SECONDS["dependencies"], 20.0)}
"""What mends files other than the manifest. It reads what is saved, and asks the package index once a day."""
SAVED = {gate: min(seconds, 20.0) for gate, seconds in SECONDS.items()}
"""A page is waited for; a check that takes longer is said to have, and the review gives it its time."""
MAX_TEXT = 1024 * 1024
SPARE_LINES = 3
Gates = Mapping[str, float]


def show(request: Request) -> Reply:
    """The draft's manifest and its findings."""
    app = editable(request)
    saved = "saved" in request.query
    return _editor(request, app, _saved(app), SAVED if saved else WHILE_TYPING | OF_FILES, saved=saved)


def check(request: Request) -> Reply:
    """What the checks say about the text as typed: a piece of the page; nothing is saved."""
    app = editable(request)
    bundle = _with_text(_saved(app), request)
    return render.page("_checked.html", request, app=app, oob=True, **_checked(bundle, WHILE_TYPING))


def save(request: Request) -> Reply:
    """Save the text as the draft, finished or not; refuses to overwrite a version one has not seen."""
    app = editable(request)
    bundle = _with_text(_saved(app), request)
    if request.form.get("action") == "check":
        return _editor(request, app, bundle, SECONDS)
    return _save(request, app, bundle)


def mend(request: Request) -> Reply:
    """The text as typed with one finding's fix applied, in the editor and unsaved."""
    app = editable(request)
    bundle = _with_text(_saved(app), request)
    fix = _offered(request, bundle, WHILE_TYPING)
    return _editor(request, app, _mended(bundle, fix), WHILE_TYPING, applied=fix)


def complete(request: Request) -> Reply:
    """Save the text as typed, with a finding's fix applied to another file of the draft.

    The editor holds no other file, so there is nowhere to show a change that is not saved.
    """
    app = editable(request)
    bundle = _with_text(_saved(app), request)
    return _save(request, app, _mended(bundle, _offered(request, bundle, OF_FILES)))


def _offered(request: Request, bundle: Bundle, gates: Gates) -> Fix:
    """The fix a button names, worked out again: what is changed comes from the checks, not from the form."""
    wanted = request.form.get("fix", "")
    report = run(bundle, GateContext.in_force(), seconds=gates)
    fix = next((found.fix for found in report.findings if found.fix and found.fix.name == wanted), None)
    if fix is None:
        raise Conflict(
            "The text has changed since this was offered",
            "Go back; the finding is offered again if it stands.",
        )
    return fix


def _mended(bundle: Bundle, fix: Fix) -> Bundle:
    text = apply(bundle.files[fix.path].decode(), fix.edits)
    return Bundle({**bundle.files, fix.path: text.encode()})


def _save(request: Request, app: App, bundle: Bundle) -> Reply:
    if request.form.get("digest") != app.draft:
        raise Conflict(
            "The draft was changed elsewhere since you opened it", "Copy your text, reload, and merge."
        )
    catalog().save_draft(app.app_id, bundle, request.acting_as(Role.REQUESTER))
    return redirect(f"/my/{app.app_id}/edit", saved="1")


def _editor(
    request: Request,
    app: App,
    bundle: Bundle,
    gates: Gates,
    *,
    saved: bool = False,
    applied: Fix | None = None,
) -> Reply:
    text = bundle.files[MANIFEST].decode("utf-8", "replace")
    manifest = draft(bundle).manifest
    return render.page(
        "editor.html",
        request,
        app=app,
        text=text,
        pages=manifest.pages if manifest else (),
        packages=bundle.files.get(requirements.FILE, b"").decode("utf-8", "replace"),
        saved=saved,
        applied=applied,
        hints=sections(),
        oob=False,
        **_checked(bundle, gates),
    )


def _saved(app: App) -> Bundle:
    if app.draft is None:
        raise Conflict("This app has no draft to edit")
    return catalog().bundle(app.draft)


def _with_text(bundle: Bundle, request: Request) -> Bundle:
    """The saved bundle with the manifest as typed; browsers send CRLF."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > MAX_TEXT:
        raise TooLarge("The manifest is larger than 1 MiB")
    if not text.strip():
        raise Invalid("The manifest is empty", "Go back to keep the saved version.")
    return Bundle({**bundle.files, MANIFEST: text.encode("utf-8", "replace")})


def _checked(bundle: Bundle, gates: Gates) -> dict[str, Any]:
    report: Report = run(bundle, GateContext.in_force(), seconds=gates)
    return {
        "report": report,
        "marked": _worst_by_line(report),
        "line_count": bundle.files[MANIFEST].count(b"\n") + 1 + SPARE_LINES,
        "whole": len(gates) == len(SECONDS),
    }


def _worst_by_line(report: Report) -> dict[int, Severity]:
    """Which lines to mark, and how."""
    worst: dict[int, Severity] = {}
    for finding in report.findings:
        if finding.path == MANIFEST and finding.line:
            said = (worst.get(finding.line, finding.severity), finding.severity)
            worst[finding.line] = min(said, key=weight)
    return worst
