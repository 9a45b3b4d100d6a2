"""A draft as somebody types it: the saved files with the text in front of them, and what is said of it."""

from collections.abc import Mapping
from typing import Any

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.catalog import catalog
from appguard.apps.editing.actions import act
from appguard.apps.editing.controls import KIND_WORDS
from appguard.apps.editing.offers import offers
from appguard.apps.editing.outline import outline
from appguard.apps.editing.places import placed
from appguard.apps.model import App
from appguard.apps.yaml_source import Document, ManifestError, Path, load
from appguard.connectors.registry import registry
from appguard.gates.limits import SECONDS
from appguard.gates.model import GateContext, Report
from appguard.gates.runner import run
from appguard.kernel.errors import Conflict, Invalid, TooLarge
from appguard.kernel.finding import Severity
from appguard.portal.findings import weight
from appguard.portal.http import Request

WHILE_TYPING = {gate: SECONDS[gate] for gate in ("manifest", "policy")}
"""The search for secrets costs a second, which is too long for a keystroke; it runs on what is saved."""
MAX_TEXT = 1024 * 1024
SPARE_LINES = 3
Gates = Mapping[str, float]


def saved(app: App) -> Bundle:
    """The draft as it was last saved."""
    if app.draft is None:
        raise Conflict("This app has no draft to edit")
    return catalog().bundle(app.draft)


def in_editor(app: App, request: Request) -> Bundle:
    """The saved draft with the manifest as typed; browsers send CRLF."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > MAX_TEXT:
        raise TooLarge("The manifest is larger than 1 MiB")
    if not text.strip():
        raise Invalid("The manifest is empty", "Go back to keep the saved version.")
    return with_text(saved(app), text)


def with_text(bundle: Bundle, text: str) -> Bundle:
    """The bundle with another manifest."""
    return Bundle({**bundle.files, MANIFEST: text.encode("utf-8", "replace")})


def entered(bundle: Bundle, form: Mapping[str, str]) -> Bundle:
    """With what stands in the controls of the opened part; raises `CannotEdit`."""
    if not form.get("opened"):
        return bundle
    return with_text(bundle, act(text_of(bundle), {**form, "do": "apply"}, registry()).text)


def text_of(bundle: Bundle) -> str:
    """The manifest as text; what is no text is shown as such."""
    return bundle.files[MANIFEST].decode("utf-8", "replace")


def checked(bundle: Bundle, gates: Gates, opened: Path = ()) -> dict[str, Any]:
    """What the checks say about a bundle, beside the lines of its text and beside the parts of the form."""
    report: Report = run(bundle, GateContext.in_force(), seconds=gates)
    document, unreadable = _read(bundle)
    found = placed(report.findings, document)
    return {
        "report": report,
        "marked": _worst_by_line(report),
        "line_count": bundle.files[MANIFEST].count(b"\n") + 1 + SPARE_LINES,
        "whole": len(gates) == len(SECONDS),
        "unreadable": unreadable,
        "outline": outline(document.value, found, registry(), opened),
        "offered": offers(registry()),
        "kinds": tuple(KIND_WORDS),
    }


def _read(bundle: Bundle) -> tuple[Document, str]:
    """The values of the manifest, or why there is nothing a form could show."""
    try:
        return load(bundle.files[MANIFEST]), ""
    except ManifestError as error:
        return Document(), error.message


def _worst_by_line(report: Report) -> dict[int, Severity]:
    """Which lines to mark, and how."""
    worst: dict[int, Severity] = {}
    for finding in report.findings:
        if finding.path == MANIFEST and finding.line:
            said = (worst.get(finding.line, finding.severity), finding.severity)
            worst[finding.line] = min(said, key=weight)
    return worst
