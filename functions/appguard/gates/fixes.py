"""The changes to a manifest that mend a finding where that is mechanical: a name, a line, a limit."""

from collections.abc import Iterable
from difflib import get_close_matches

from appguard.apps.bundle import MANIFEST
from appguard.apps.manifest import Manifest
from appguard.apps.yaml_rewrite import Rewrite, Scalar
from appguard.apps.yaml_source import Document, Path
from appguard.kernel.fix import Fix
from appguard.runtime.pages import FormPage, Page


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=0.5)), None)


def put(source: Document, paths: Iterable[Path], value: Scalar, description: str) -> Fix | None:
    """Write `value` at each of `paths`."""
    rewrite = Rewrite(source.text)
    for path in paths:
        rewrite.set(path, value)
    return _fix(rewrite, description)


def drop(source: Document, path: Path, name: str) -> Fix | None:
    """Take a query or command off its list."""
    return _fix(Rewrite(source.text).remove(path), f"Remove {name}.")


def ask_for(source: Document, manifest: Manifest, page: Page) -> Fix | None:
    """Add what a page calls to what the app asks of that connector."""
    connector, operation = called(page)
    index = next((i for i, use in enumerate(manifest.connectors) if use.name == connector), None)
    if index is None:
        return None
    plural = "commands" if isinstance(page, FormPage) else "queries"
    rewrite = Rewrite(source.text).append(("connectors", index, plural), operation)
    return _fix(rewrite, f"Add {operation} to the {plural} of {connector}.")


def called(page: Page) -> tuple[str, str]:
    """The connector a page calls, and which of its queries or commands."""
    if isinstance(page, FormPage):
        return page.submit.connector, page.submit.command
    return page.source.connector, page.source.query


def calls_of(manifest: Manifest, connector: str, operation: str | None = None) -> list[Path]:
    """Where pages name a connector or, if given, one of its queries or commands."""
    found: list[Path] = []
    for index, page in enumerate(manifest.pages):
        part, kind = ("submit", "command") if isinstance(page, FormPage) else ("source", "query")
        names = called(page)
        if names[0] == connector and operation in (None, names[1]):
            found.append(("pages", index, part, "connector" if operation is None else kind))
    return found


def _fix(rewrite: Rewrite, description: str) -> Fix | None:
    edits = rewrite.edits()
    return Fix(description=description, path=MANIFEST, edits=edits) if edits else None
