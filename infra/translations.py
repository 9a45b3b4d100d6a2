"""The texts of the portal for translators: `python -m infra.translations` brings catalogues up to date.

It collects every text people read, merges them into `portal/locale/<language>/LC_MESSAGES/portal.po`,
compiles what is translated, and names what is missing. Babel does the work; the portal itself needs
only `gettext` of the standard library and the compiled files, which are committed beside their sources.
"""

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeGuard

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from infra.bundle import ROOT

PACKAGE = ROOT / "functions" / "appguard"
PORTAL = PACKAGE / "portal"
LOCALE = PORTAL / "locale"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "Phrase": None,
    "gettext": None,
    "ngettext": (1, 2),
    "many": (1, 2),
}
SPEAKING = (
    "kernel/errors",
    "kernel/oidc",
    "portal",
    "apps",
    "approvals",
    "policy",
    "privacy",
    "reports",
    "reviews",
)
"""The contexts whose errors a page may show; others speak to programs and in logs."""
UNKNOWN = (b'"Report-Msgid', b'"POT-', b'"PO-', b'"Last-', b'"Language-Team', b'"Generated-By')
"""Header lines nobody keeps, and dates, which make merges hard."""
TEMPLATES = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}


def collected() -> Catalog:
    """Every text of today's templates and code, with the files it stands in."""
    found = Catalog(charset="utf-8")
    for file in sorted(PORTAL.glob("templates/**/*.html")):
        for _, text, comments, _ in extract_from_file("jinja2", file, KEYWORDS, ["i18n:"], TEMPLATES):
            _add(found, text, file, comments)
    for file in sorted(PACKAGE.rglob("*.py")):
        for _, text, comments, _ in extract_from_file("python", file, KEYWORDS, ["i18n:"]):
            _add(found, text, file, comments)
        name = str(file.relative_to(PACKAGE))
        if name.startswith(SPEAKING) and not name.startswith("approvals/channels"):
            for text in errors(ast.parse(file.read_text(encoding="utf-8"))):
                _add(found, text, file, [])
    return found


def errors(module: ast.Module) -> Iterator[str]:
    """What errors say: the advice of their classes, and fixed texts where they are raised."""
    for node in ast.walk(module):
        match node:
            case ast.Assign(targets=[ast.Name(id="remediation")], value=ast.Constant(value=str(text))):
                yield text
            case ast.AnnAssign(target=ast.Name(id="remediation"), value=ast.Constant(value=str(text))):
                yield text
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name), args=args)) if name != "ValueError":
                yield from (
                    each.value for each in args if isinstance(each, ast.Constant) and _is_text(each.value)
                )


def updated(language: str, found: Catalog) -> Catalog:
    """The catalogue of `language` with exactly the texts of `found`; what was translated stays so."""
    with source(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.update(found, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    return catalogue


def missing(catalogue: Catalog) -> list[str]:
    """Texts without a translation, or with one somebody still has to look at."""
    return [_key(message) for message in catalogue if message.id and not _done(message)]


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as its translators edit it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_output=True, include_lineno=False)
    return b"".join(line for line in out.getvalue().splitlines(True) if not line.startswith(UNKNOWN))


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue as the portal reads it, the same whenever it is compiled."""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def source(language: str) -> Path:
    """Where the catalogue of `language` is edited; its compiled form lies beside it."""
    return LOCALE / language / "LC_MESSAGES" / "portal.po"


def languages() -> list[str]:
    """Those with a catalogue."""
    return sorted(folder.name for folder in LOCALE.iterdir())


def main() -> int:
    """Bring all catalogues up to date; fails while one of them lacks a text."""
    found, lacking = collected(), 0
    for language in languages():
        catalogue = updated(language, found)
        po = as_po(catalogue)
        source(language).write_bytes(po)
        source(language).with_suffix(".mo").write_bytes(as_mo(read_po(io.BytesIO(po), locale=language)))
        gaps = missing(catalogue)
        lacking += len(gaps)
        sys.stdout.write(f"{language}: {len(found) - len(gaps)} of {len(found)} texts\n")
        sys.stdout.writelines(f"  missing: {gap}\n" for gap in gaps)
    return 1 if lacking else 0


def _add(found: Catalog, text: Any, file: Path, comments: Iterable[str]) -> None:
    """Into the catalogue; Babel gives texts of one argument bare, plural forms as a tuple."""
    place = (str(file.relative_to(PACKAGE)), 0)
    found.add(text if isinstance(text, str) else tuple(text[:2]), locations=[place], auto_comments=comments)


def _is_text(value: object) -> TypeGuard[str]:
    """Whether it is a sentence rather than a code or a name."""
    return isinstance(value, str) and " " in value


def _done(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings) and not message.fuzzy


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


if __name__ == "__main__":
    sys.exit(main())
