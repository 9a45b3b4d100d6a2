"""Trying a draft: its pages, rendered by the sandbox function on made-up rows."""

import json
from base64 import b64encode
from typing import Any

from appguard.apps import made_up
from appguard.apps.bundle import Bundle
from appguard.apps.manifest import ExampleTest, Manifest
from appguard.apps.model import App
from appguard.connectors.registry import registry
from appguard.gates.hooks import code_of
from appguard.gates.sandbox.installed import installed
from appguard.kernel.errors import Conflict, Misconfigured, NotFound, Unavailable
from appguard.portal import render
from appguard.portal.apps import draft, draft_of, editable
from appguard.portal.drafting import entered, in_editor
from appguard.portal.guide import tried_now
from appguard.portal.http import Reply, Request
from appguard.portal.settings import settings
from appguard.runtime.examples import typed
from appguard.runtime.model import MicroApp
from appguard.runtime.pages import Page, TablePage, functions

FRAME = {
    "content-security-policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    ),
    "x-frame-options": "SAMEORIGIN",
}
"""The frame runs nothing and reaches nothing, whatever a manifest's texts contain."""


def show(request: Request) -> Reply:
    """The page around the frame: which pages there are, and what is real in it."""
    app = editable(request)
    _, manifest = _draft(app)
    shown = _page(manifest, request)
    examples = [(str(number), test) for number, test in enumerate(manifest.tests) if test.page == shown.id]
    return render.page(
        "preview.html",
        request,
        app=app,
        pages=manifest.pages,
        shown=shown,
        examples=examples,
        chosen=_example(manifest, request),
        number=request.query.get("example", ""),
    ).with_cookies(tried_now(request, app))


def frame(request: Request) -> Reply:
    """The saved draft's page as its users would see it."""
    app = editable(request)
    return _framed(request, app, *_draft(app))


def as_typed(request: Request) -> Reply:
    """The same of what stands in the editor, saved or not."""
    app = editable(request)
    bundle = entered(in_editor(app, request), request.form)
    manifest = draft(bundle).manifest
    if manifest is None:
        errors = [
            {"message": "The draft has errors. Correct what is marked “Must be fixed”, then try again."}
        ]
        return render.page("preview_failed.html", request, errors=errors).with_headers(FRAME)
    return _framed(request, app, bundle, manifest).with_cookies(tried_now(request, app))


def _framed(request: Request, app: App, bundle: Bundle, manifest: Manifest) -> Reply:
    page = _page(manifest, request)
    example = _example(manifest, request)
    event = {"definition": _definition(app, manifest), "page": page.id, "rows": _rows(page)}
    if functions(page):
        event |= _code(bundle, manifest, example)
    answer = _sandbox(event | ({"values": typed(example.given)} if example else {}))
    if not answer.get("html"):
        return render.page("preview_failed.html", request, errors=answer.get("errors", [])).with_headers(
            FRAME
        )
    return Reply(answer["html"], headers=FRAME)


def _draft(app: App) -> tuple[Bundle, Manifest]:
    found = draft_of(app)
    if found is None or found.manifest is None:
        raise Conflict(
            "The draft cannot be shown while its manifest has errors", "Correct them in the editor first."
        )
    return found.bundle, found.manifest


def _page(manifest: Manifest, request: Request) -> Page:
    for page in manifest.pages:
        if page.id == request.params["page_id"]:
            return page
    raise NotFound("The draft has no such page")


def _example(manifest: Manifest, request: Request) -> ExampleTest | None:
    """The manifest's own example the person wants to see sent."""
    number = request.query.get("example", "")
    known = manifest.tests[int(number)] if number.isdecimal() and int(number) < len(manifest.tests) else None
    return known if known and known.page == request.params["page_id"] else None


def _definition(app: App, manifest: Manifest) -> dict[str, Any]:
    about = manifest.metadata
    return MicroApp(
        app_id=app.app_id,
        name=about.name,
        description=about.description,
        owner=about.owner,
        pages=manifest.pages,
    ).model_dump(mode="json")


def _rows(page: Page) -> dict[str, Any] | None:
    """What the broker would answer, with made-up rows that are the same each time."""
    if not isinstance(page, TablePage):
        return None
    connector = registry().get(page.source.connector)
    if connector is None or page.source.query not in connector.queries:
        return None
    return made_up.answer(connector, page.source.query)


def _code(bundle: Bundle, manifest: Manifest, example: ExampleTest | None) -> dict[str, Any]:
    """The draft's own code with its packages, and what its queries answer to it."""
    from appguard.packages.stored import knowledge  # noqa: PLC0415 - few drafts bring code

    files = code_of(bundle)
    given = example.rows if example else {}
    packages = installed(bundle, knowledge())
    return {
        "packages": packages and packages.model_dump(),
        "files": {path: b64encode(content).decode() for path, content in files.items()},
        "answers": made_up.answers(manifest, registry(), given),
    }


def _sandbox(event: dict[str, Any]) -> dict[str, Any]:
    """Ask the sandbox function, which may do nothing but compute."""
    if not settings().sandbox_function:
        raise Misconfigured("there is no sandbox function in this deployment")
    import boto3  # noqa: PLC0415 - on first use

    answer = boto3.client("lambda").invoke(
        FunctionName=settings().sandbox_function, Payload=json.dumps(event).encode()
    )
    if "FunctionError" in answer:
        raise Unavailable("The sandbox could not show this page")
    found: dict[str, Any] = json.load(answer["Payload"])
    return found
