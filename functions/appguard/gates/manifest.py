"""Gate: the manifest is well-formed, and everything it names exists and is used."""

import re
from collections.abc import Collection, Iterable, Iterator

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.made_up import answers as made_up
from appguard.apps.manifest import ConnectorUse, Manifest
from appguard.apps.yaml_path import steps
from appguard.apps.yaml_source import Document, ManifestError, Path, Problem
from appguard.connectors.model import Connector
from appguard.gates import hooks
from appguard.gates.contracts.calls import reads
from appguard.gates.fixes import ask_for, called, calls_of, drop, nearest, put
from appguard.gates.model import GateContext
from appguard.gates.positions import document, line_of
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.fix import Fix
from appguard.runtime.pages import FormPage, Page, TablePage, functions

_SHARED_MAILBOX = re.compile(
    r"(?:^|[._+-])(?:admins?|all|contact|dept|desk|distribution|everyone|group|help(?:desk)?|info|it|list|mailbox|"
    r"no-?reply|office|ops|service|shared|support|team)(?:[._+@-])",
    re.IGNORECASE,
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
        *_unused(manifest, reads(bundle), context, source),
        *_tests(manifest, context, source),
        *_hooks(bundle, manifest, source),
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
            also = calls_of(manifest, use.name)
            yield _unknown("connector", use.name, approved, f"{at}.name", source, also=also)
            continue
        for kind, names, known in (
            ("query", use.queries, connector.queries),
            ("command", use.commands, connector.commands),
        ):
            plural = "queries" if kind == "query" else "commands"
            for position, name in enumerate(names):
                if name not in known:
                    also, key = calls_of(manifest, use.name, name), f"{at}.{plural}[{position}]"
                    yield _unknown(kind, name, known, key, source, use.name, also=also, taken=names)


def _pages(manifest: Manifest, context: GateContext, source: Document) -> Iterator[Finding]:
    uses = {str(use.name): use for use in manifest.connectors}
    for index, page in enumerate(manifest.pages):
        use, at = uses.get(called(page)[0]), f"pages[{index}]"
        if use is None or called(page)[1] not in _asked(page, use):
            yield _dead(page, at, source, _revive(page, index, use, manifest, context, source))
        elif isinstance(page, TablePage) and (connector := context.connectors.get(use.name)):
            yield from _columns(page, connector, at, source)


def _dead(page: Page, at: str, source: Document, fix: Fix | None) -> Finding:
    connector, operation = called(page)
    word = "commands" if isinstance(page, FormPage) else "queries"
    return _block(
        "page-dead",
        f"The page {page.id} would never work: the app does not ask for {operation} of {connector}.",
        f"Add {operation} to the {word} of {connector} under connectors, or remove the page.",
        at,
        source,
        fix,
    )


def _revive(
    page: Page,
    index: int,
    use: ConnectorUse | None,
    manifest: Manifest,
    context: GateContext,
    source: Document,
) -> Fix | None:
    """Ask for what the page calls if it exists, else call what is asked for and named nearly so."""
    connector = context.connectors.get(use.name) if use else None
    if use is None or connector is None:
        return None
    operation, form = called(page)[1], isinstance(page, FormPage)
    known = connector.commands if form else connector.queries
    if operation in known:
        misspelt = (name for name in _asked(page, use) if name not in known)
        return (
            None
            if any(nearest(name, known) == operation for name in misspelt)
            else ask_for(source, manifest, page)
        )
    if meant := nearest(operation, _asked(page, use)):
        key: Path = ("pages", index, *(("submit", "command") if form else ("source", "query")))
        return put(source, [key], meant, f"Call {meant} instead of {operation}.")
    return None


def _columns(page: TablePage, connector: Connector, at: str, source: Document) -> Iterator[Finding]:
    query = connector.queries.get(page.source.query)
    known = [column.name for column in query.columns] if query else None
    for position, column in enumerate(page.columns if known is not None else ()):
        if column.name not in (known or ()):
            key = f"{at}.columns[{position}].name"
            shown = [shown.name for shown in page.columns]
            yield _unknown("column", column.name, known or (), key, source, page.source.query, taken=shown)


def _unused(
    manifest: Manifest, read: Collection[tuple[str, str]], context: GateContext, source: Document
) -> Iterator[Finding]:
    """Rights nobody uses: the reviewer would grant them for nothing. A misspelt one is to be renamed."""
    calls = {*(called(page) for page in manifest.pages), *read}
    for index, use in enumerate(manifest.connectors):
        connector = context.connectors.get(use.name)
        known = {*connector.queries, *connector.commands} if connector else set()
        for plural, names in (("queries", use.queries), ("commands", use.commands)):
            for position, name in enumerate(names):
                if (use.name, name) not in calls:
                    key = f"connectors[{index}].{plural}[{position}]"
                    yield Finding(
                        gate="manifest",
                        rule="connector-unused",
                        severity=Severity.WARN,
                        message=f"No page and no code uses {name} of {use.name}.",
                        remediation=f"Remove {name} from its {plural}; ask once a page needs it.",
                        path=MANIFEST,
                        line=line_of(key, source),
                        controls=("NIST-AC-6",),
                        fix=drop(source, steps(key), name) if name in known else None,
                    )


def _tests(manifest: Manifest, context: GateContext, source: Document) -> Iterator[Finding]:
    forms = [page.id for page in manifest.pages if isinstance(page, FormPage)]
    answers = made_up(manifest, context.connectors, {})
    for index, test in enumerate(manifest.tests):
        if test.page not in forms:
            yield _unknown("form", test.page, forms, f"tests[{index}].page", source)
        for key, rows in test.rows.items():
            if key not in answers:
                yield _unknown("query", key, answers, f"tests[{index}].rows", source)
                continue
            columns = [column["name"] for column in answers[key]["columns"]]
            for strange in sorted({name for row in rows for name in row} - set(columns)):
                yield _unknown("column", strange, columns, f"tests[{index}].rows", source, key)


def _hooks(bundle: Bundle, manifest: Manifest, source: Document) -> Iterator[Finding]:
    """Functions that pages name and logic.py lacks, or has in a form no page can call."""
    known = hooks.defined(bundle)
    for index, page in enumerate(manifest.pages):
        for key, name in functions(page).items():
            at = f"pages[{index}].{key}"
            if name not in known:
                yield _unknown("function", name, known, at, source, hooks.LOGIC)
            elif flaw := hooks.flaw(known[name], page):
                yield _block(
                    "function-signature",
                    f"The function {name} of {hooks.LOGIC}, line {known[name].lineno}, {flaw}.",
                    f"Write def {name}(…) with any of these as parameters: {', '.join(hooks.offered(page))}.",
                    at,
                    source,
                )


def _asked(page: Page, use: ConnectorUse) -> tuple[str, ...]:
    return use.commands if isinstance(page, FormPage) else use.queries


def _unknown(
    kind: str,
    name: str,
    known: Iterable[str],
    key: str,
    source: Document,
    owner: str = "",
    *,
    also: Iterable[Path] = (),
    taken: Collection[str] = (),
) -> Finding:
    """A name that does not exist, and the nearest that does; `also` says where else it is written."""
    names = sorted(map(str, known))
    close = nearest(name, names)
    of = f" of {owner}" if owner else ""
    others = f"Choose one of: {', '.join(names)}." if names else f"There is no {kind}{of} to choose from."
    paths = [steps(key), *also]
    return _block(
        f"{kind}-unknown",
        f"There is no {kind} {name}{of}.",
        f"Did you mean {close}?" if close else others,
        key,
        source,
        put(source, paths, close, f"Write {close} instead of {name}.")
        if close and close not in taken and not key.endswith(".rows")
        else None,
    )


def _block(
    rule: str, message: str, remediation: str, key: str, source: Document, fix: Fix | None = None
) -> Finding:
    return Finding(
        gate="manifest",
        rule=rule,
        severity=Severity.BLOCK,
        message=message,
        remediation=remediation,
        path=MANIFEST,
        line=line_of(key, source),
        fix=fix,
    )
