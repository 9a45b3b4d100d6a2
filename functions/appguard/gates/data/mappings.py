"""Personal data that mappings put in the wrong place, and fields that ask for more than was declared."""

import re
from collections.abc import Iterator

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.manifest import Manifest
from appguard.apps.yaml_source import Document
from appguard.gates.data.jsonata import calls, pairs, texts_of, words_of
from appguard.gates.data.places import Place, misplaced
from appguard.gates.data.words import Personal, looks_personal
from appguard.gates.positions import document, line_of
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import DataClass
from appguard.runtime.pages import FormPage, TablePage

_ERRORS = frozenset({"$error", "$assert"})
_ADDRESS = re.compile(r"(?i)^(?:https?|ftp|mailto|tel):|^/\w|[?&][\w.-]+=$")
_NAMED: tuple[tuple[re.Pattern[str], Place], ...] = (
    (re.compile(r"(?i)(?:^|_)(?:url|uri|link|href|redirect)(?:_|$)"), Place.URL),
    (re.compile(r"(?i)(?:^|_)(?:file_?name|path|folder|object_?key)(?:_|$)"), Place.FILE_NAME),
    (re.compile(r"(?i)^(?:mail_|email_|message_)?(?:subject|body)$"), Place.MAIL),
)


def check(bundle: Bundle, manifest: Manifest, personal: Personal) -> list[Finding]:
    """Findings over every page's mapping, and over the fields of forms."""
    source = document(bundle)
    found: list[Finding] = []
    for index, page in enumerate(manifest.pages):
        part, call = ("submit", page.submit) if isinstance(page, FormPage) else ("source", page.source)
        if call.mapping:
            line = line_of(f"pages[{index}].{part}.mapping", source)
            known = _known(page) & {name for name in _known(page) if personal.says(name)}
            found += [misplaced(place, names, MANIFEST, line) for place, names in _leaks(call.mapping, known)]
        if isinstance(page, FormPage):
            found += _undeclared(manifest, page, f"pages[{index}]", source)
    return found


def _known(page: FormPage | TablePage) -> set[str]:
    """What a mapping can read: the form's fields, or the signed-in user of a table page."""
    return {field.name for field in page.fields} if isinstance(page, FormPage) else {"email"}


def _leaks(mapping: str, personal: set[str]) -> Iterator[tuple[Place, set[str]]]:
    for argument in calls(mapping, _ERRORS):
        if names := words_of(argument) & personal:
            yield Place.ERROR, names
    for parameter, value in pairs(mapping):
        names = words_of(value) & personal
        if names and any(map(_ADDRESS.search, texts_of(value))):
            yield Place.URL, names
            continue
        for name, place in _NAMED:
            if names and name.search(parameter):
                yield place, names


def _undeclared(manifest: Manifest, page: FormPage, at: str, source: Document) -> Iterator[Finding]:
    """The rules compare what connectors label; a field is labelled by nobody, so its name has to do."""
    if manifest.intent.data_class >= DataClass.PERSONAL:
        return
    for index, field in enumerate(page.fields):
        if looks_personal(field.name):
            yield Finding(
                gate="data",
                rule="personal-field-undeclared",
                severity=Severity.APPROVE,
                message=f"The field {field.name} of {page.id} asks for personal data, "
                f"but you declared {manifest.intent.data_class.value} data.",
                remediation="Set intent.data_class to personal, or drop the field.",
                path=MANIFEST,
                line=line_of(f"{at}.fields[{index}].name", source),
                controls=("GDPR-Art.5", "GDPR-Art.30"),
            )
