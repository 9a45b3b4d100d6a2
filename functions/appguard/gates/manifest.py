"""Gate: the manifest is well-formed, and everything it names exists and is used."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.manifest import ConnectorUse, Manifest
from appguard.apps.yaml_source import Document, ManifestError, Problem
from appguard.connectors.model import Connector
from appguard.gates.model import GateContext
from appguard.gates.positions import document, line_of
from appguard.kernel.finding import Finding, Severity
from appguard.runtime.pages import FormPage, Page, TablePage

_SHARED_MAILBOX = re.compile(
    r"(?:^|[._+-])(?:admins?|all|contact|dept|desk|distribution|everyone|group|help(?:desk)?|info|it|list|mailbox|"
    r"no-?reply|office|ops|service|shared|support|team)(?:[._+@-])",
    re.IGNORECASE,
)

_DEPENDENCIES = frozenset(
    {"requirements.txt", "pyproject.toml", "setup.py", "setup.cfg", "uv.lock", "Pipfile"}
)


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """Every fault of the manifest, at its line, with the nearest name that exists."""
    try:
        manifest = bundle.manifest()
    except ManifestError as error:
        return [_unreadable(problem) for problem in error.problems]
    source = document(bundle)
    found = [
        *_owner(manifest, source),
        *_connectors(manifest, context, source),
        *_pages(manifest, context, source),
        *_unused(manifest, source),
        *_tests(manifest, source),
        *_unexamined(bundle),
    ]
    return sorted(found, key=lambda finding: (finding.line or 0, finding.rule))


def _unreadable(problem: Problem) -> Finding:
    where = f"{problem.path}: " if problem.path else ""
    return Finding(
        gate="manifest",
        rule="manifest-invalid",
        severity=Severity.BLOCK,
        message=f"{where}{problem.message} (line {problem.line}, column {problem.column}).",
        remediation=problem.suggestion or "Correct this line; `appguard schema` prints what is allowed.",
        path=MANIFEST,
        line=problem.line,
    )


def _owner(manifest: Manifest, source: Document) -> Iterator[Finding]:
    if _SHARED_MAILBOX.search(manifest.metadata.owner):
        yield _block(
            "owner-not-a-person",
            f"{manifest.metadata.owner} looks like a shared mailbox; an app is owned by a person.",
            "Set metadata.owner to the e-mail address of the person who answers for the app.",
            "metadata.owner",
            source,
        )


def _connectors(manifest: Manifest, context: GateContext, source: Document) -> Iterator[Finding]:
    for index, use in enumerate(manifest.connectors):
        at = f"connectors[{index}]"
        connector = context.connectors.get(use.name)
        if connector is None:
            approved = [name for name, c in context.connectors.items() if c.state == "approved"]
            yield _unknown("connector", use.name, approved, f"{at}.name", source)
            continue
        for kind, names, known in (
            ("query", use.queries, connector.queries),
            ("command", use.commands, connector.commands),
        ):
            plural = "queries" if kind == "query" else "commands"
            for position, name in enumerate(names):
                if name not in known:
                    yield _unknown(kind, name, known, f"{at}.{plural}[{position}]", source, use.name)


def _pages(manifest: Manifest, context: GateContext, source: Document) -> Iterator[Finding]:
    uses = {str(use.name): use for use in manifest.connectors}
    for index, page in enumerate(manifest.pages):
        use, at = uses.get(_call(page)[0]), f"pages[{index}]"
        if use is None or _call(page)[1] not in _asked(page, use):
            yield _dead(page, at, source)
        elif isinstance(page, TablePage) and (connector := context.connectors.get(use.name)):
            yield from _columns(page, connector, at, source)


def _dead(page: Page, at: str, source: Document) -> Finding:
    connector, operation = _call(page)
    word = "commands" if isinstance(page, FormPage) else "queries"
    return _block(
        "page-dead",
        f"The page {page.id} would never work: the app does not ask for {operation} of {connector}.",
        f"Add {operation} to the {word} of {connector} under connectors, or remove the page.",
        at,
        source,
    )


def _columns(page: TablePage, connector: Connector, at: str, source: Document) -> Iterator[Finding]:
    query = connector.queries.get(page.source.query)
    known = [column.name for column in query.columns] if query else None
    for position, column in enumerate(page.columns if known is not None else ()):
        if column.name not in (known or ()):
            key = f"{at}.columns[{position}].name"
            yield _unknown("column", column.name, known or (), key, source, page.source.query)


def _unused(manifest: Manifest, source: Document) -> Iterator[Finding]:
    """Rights nobody uses: the reviewer would grant them for nothing."""
    called = {_call(page) for page in manifest.pages}
    for index, use in enumerate(manifest.connectors):
        for plural, names in (("queries", use.queries), ("commands", use.commands)):
            for position, name in enumerate(names):
                if (use.name, name) not in called:
                    yield Finding(
                        gate="manifest",
                        rule="connector-unused",
                        severity=Severity.WARN,
                        message=f"No page uses {name} of {use.name}.",
                        remediation=f"Remove {name} from its {plural}; ask once a page needs it.",
                        path=MANIFEST,
                        line=line_of(f"connectors[{index}].{plural}[{position}]", source),
                        controls=("NIST-AC-6",),
                    )


def _tests(manifest: Manifest, source: Document) -> Iterator[Finding]:
    forms = [page.id for page in manifest.pages if isinstance(page, FormPage)]
    for index, test in enumerate(manifest.tests):
        if test.page not in forms:
            yield _unknown("form", test.page, forms, f"tests[{index}].page", source)


def _unexamined(bundle: Bundle) -> Iterator[Finding]:
    """Dependencies: no gate judges them, so a person must."""
    for path in bundle.files:
        if path.rpartition("/")[2] in _DEPENDENCIES:
            yield Finding(
                gate="manifest",
                rule="unexamined-code",
                severity=Severity.APPROVE,
                message=f"{path} names code, and no gate examines it.",
                remediation="Remove it if pages and mappings do without; otherwise a reviewer reads it.",
                path=path,
                controls=("ISO27001-A.8.28",),
            )


def _call(page: Page) -> tuple[str, str]:
    if isinstance(page, FormPage):
        return page.submit.connector, page.submit.command
    return page.source.connector, page.source.query


def _asked(page: Page, use: ConnectorUse) -> tuple[str, ...]:
    return use.commands if isinstance(page, FormPage) else use.queries


def _unknown(
    kind: str, name: str, known: Iterable[str], key: str, source: Document, owner: str = ""
) -> Finding:
    """A name that does not exist, and the nearest that does."""
    names = sorted(map(str, known))
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    of = f" of {owner}" if owner else ""
    others = f"Choose one of: {', '.join(names)}." if names else f"There is no {kind}{of} to choose from."
    return _block(
        f"{kind}-unknown",
        f"There is no {kind} {name}{of}.",
        f"Did you mean {close[0]}?" if close else others,
        key,
        source,
    )


def _block(rule: str, message: str, remediation: str, key: str, source: Document) -> Finding:
    return Finding(
        gate="manifest",
        rule=rule,
        severity=Severity.BLOCK,
        message=message,
        remediation=remediation,
        path=MANIFEST,
        line=line_of(key, source),
    )
