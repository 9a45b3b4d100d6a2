"""The editor: the manifest as a form and as text, with what the checks would say beside both."""

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import catalog
from appguard.apps.editing.actions import act
from appguard.apps.editing.nodes import CannotEdit
from appguard.apps.hints import sections
from appguard.apps.model import App
from appguard.apps.yaml_path import dotted, steps
from appguard.apps.yaml_source import Path
from appguard.connectors.registry import registry
from appguard.gates.limits import SECONDS
from appguard.gates.model import GateContext
from appguard.gates.runner import run
from appguard.kernel.errors import AppGuardError, Conflict, Invalid
from appguard.kernel.event import Role
from appguard.kernel.fix import Fix, apply
from appguard.packages import requirements
from appguard.portal import render
from appguard.portal.apps import draft, editable
from appguard.portal.drafting import (
    WHILE_TYPING,
    Gates,
    checked,
    entered,
    in_editor,
    saved,
    text_of,
    with_text,
)
from appguard.portal.http import Reply, Request, redirect

OF_FILES = {"dependencies": min(SECONDS["dependencies"], 20.0)}
"""What mends files other than the manifest. It reads what is saved, and asks the package index once a day."""
SAVED = {gate: min(seconds, 20.0) for gate, seconds in SECONDS.items()}
"""A page is waited for; a check that takes longer is said to have, and the review gives it its time."""


def show(request: Request) -> Reply:
    """The draft as form and text, with its findings."""
    app = editable(request)
    just_saved = "saved" in request.query
    gates = SAVED if just_saved else WHILE_TYPING | OF_FILES
    opened = steps(request.query.get("at", "")[:200])
    return _editor(request, app, saved(app), gates, opened, just_saved=just_saved)


def check(request: Request) -> Reply:
    """What the checks say about the text as typed: pieces of the page; nothing is saved."""
    app = editable(request)
    bundle = in_editor(app, request)
    return _piece("_checked.html", request, app, bundle, _opened(request))


def enter(request: Request) -> Reply:
    """What was entered into a control, in the text and checked: pieces of the page; nothing is saved."""
    app = editable(request)
    bundle = in_editor(app, request)
    return _piece("_entered.html", request, app, entered(bundle, request.form), _opened(request))


def change(request: Request) -> Reply:
    """What a button of the form does, in the editor and unsaved; what it cannot do is said there too."""
    app = editable(request)
    bundle = in_editor(app, request)
    try:
        done = act(text_of(bundle), request.form, registry())
    except (CannotEdit, Invalid) as problem:
        return _editor(request, app, bundle, WHILE_TYPING, _opened(request), problem=problem)
    changed = with_text(bundle, done.text)
    return _editor(request, app, changed, WHILE_TYPING, done.opened, said=done.said, focus=done.focus)


def save(request: Request) -> Reply:
    """Save what was entered and typed, finished or not; refuses to overwrite a version one has not seen."""
    app = editable(request)
    bundle = in_editor(app, request)
    try:
        bundle = entered(bundle, request.form)
    except (CannotEdit, Invalid) as problem:
        return _editor(request, app, bundle, WHILE_TYPING, _opened(request), problem=problem)
    if request.form.get("action") == "check":
        return _editor(request, app, bundle, SECONDS, _opened(request))
    return _save(request, app, bundle)


def mend(request: Request) -> Reply:
    """The text as typed with one finding's fix applied, in the editor and unsaved."""
    app = editable(request)
    bundle = in_editor(app, request)
    fix = _offered(request, bundle, WHILE_TYPING)
    return _editor(request, app, _mended(bundle, fix), WHILE_TYPING, _opened(request), said=fix.description)


def complete(request: Request) -> Reply:
    """Save the text as typed, with a finding's fix applied to another file of the draft.

    The editor holds no other file, so there is nowhere to show a change that is not saved.
    """
    app = editable(request)
    bundle = in_editor(app, request)
    return _save(request, app, _mended(bundle, _offered(request, bundle, OF_FILES)))


def _opened(request: Request) -> Path:
    return steps(request.form.get("opened", "")[:200])


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
    catalog().save_draft(app.app_id, bundle, request.acting_as(Role.REQUESTER, Role.EDITOR))
    return redirect(f"/my/{app.app_id}/edit", saved="1")


def _piece(template: str, request: Request, app: App, bundle: Bundle, opened: Path) -> Reply:
    return render.page(
        template,
        request,
        app=app,
        text=text_of(bundle),
        oob=True,
        focus="",
        **checked(bundle, WHILE_TYPING, opened),
    )


def _editor(
    request: Request,
    app: App,
    bundle: Bundle,
    gates: Gates,
    opened: Path = (),
    *,
    just_saved: bool = False,
    said: str = "",
    focus: Path = (),
    problem: AppGuardError | None = None,
) -> Reply:
    """The whole page, or for htmx the form and what stands beside it."""
    manifest = draft(bundle).manifest
    found = checked(bundle, gates, opened)
    return render.page(
        "_changed.html" if request.partial else "editor.html",
        request,
        status=problem.status if problem else 200,
        app=app,
        text=text_of(bundle),
        pages=manifest.pages if manifest else (),
        packages=bundle.files.get(requirements.FILE, b"").decode("utf-8", "replace"),
        saved=just_saved,
        said=said,
        focus=dotted(focus),
        problem=problem,
        hints=sections(),
        oob=request.partial,
        **found,
    )
