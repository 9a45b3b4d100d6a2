"""What the pages of an app send to its connectors."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from appguard.apps.bundle import MANIFEST
from appguard.apps.made_up import answers
from appguard.apps.manifest import Manifest
from appguard.apps.yaml_source import Document
from appguard.connectors.model import Connector
from appguard.gates.contracts.parameters import Declared, Sent, breaches
from appguard.gates.contracts.values import DAY, submissions
from appguard.gates.positions import line_of
from appguard.gates.sandbox.model import Answer, FormQuestion, SourceQuestion
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import ConnectorName
from appguard.runtime.made_up_rows import MadeUpRows
from appguard.runtime.pages import FormPage, Page, TablePage, functions

DAYS = ("2024-02-29", "2026-01-01", "2026-12-31")
CONTROLS = ("ISO27001-A.8.26", "NIST-SI-10")


class Trial(NamedTuple):
    """A page's call, what the sandbox is asked about it, and what each answer will be about."""

    page: Page
    key: str
    operation: str
    declared: Declared
    how: tuple[str, ...]
    questions: tuple[FormQuestion | SourceQuestion, ...]


def trials(manifest: Manifest, connectors: Mapping[ConnectorName, Connector]) -> list[Trial]:
    """One trial for each page whose connector and operation exist; the manifest gate names the others."""
    answered = answers(manifest, connectors, {}) if any(map(functions, manifest.pages)) else {}
    rows = {key: MadeUpRows.model_validate(answer) for key, answer in answered.items()}
    made = (_trial(f"pages[{n}]", page, connectors, rows) for n, page in enumerate(manifest.pages))
    return [trial for trial in made if trial is not None]


def _trial(
    at: str, page: Page, connectors: Mapping[ConnectorName, Connector], rows: dict[str, MadeUpRows]
) -> Trial | None:
    if isinstance(page, FormPage):
        connector = connectors.get(page.submit.connector)
        command = connector.commands.get(page.submit.command) if connector else None
        if command is None:
            return None
        ways = submissions(page)
        filled = tuple(dict(way.values) for way in ways)
        asked = FormQuestion(page=page, ways=filled, today=DAY.isoformat(), rows=rows)
        how = tuple(f"when the form is sent {way.how}" for way in ways)
        return Trial(page, f"{at}.submit", page.submit.command, command.parameters, how, (asked,))
    connector = connectors.get(page.source.connector)
    query = connector.queries.get(page.source.query) if connector else None
    if query is None:
        return None
    source = page.source
    made = source.mapping or source.prepare
    days = tuple(SourceQuestion(source=source, today=day, rows=rows) for day in DAYS) if made else ()
    how = ("by its mapping" if source.mapping else "by its function",) * len(days)
    return Trial(page, f"{at}.source", source.query, query.parameters, how, days)


def findings(trials: Sequence[Trial], told: Sequence[Answer], source: Document) -> Iterator[Finding]:
    """What the answers mean, trial by trial; `told` begins with theirs."""
    start = 0
    for trial in trials:
        of_trial = told[start : start + len(trial.how)]
        start += len(trial.how)
        if len(of_trial) < len(trial.how):
            yield _failing(trial, Severity.BLOCK, "kept the sandbox from going on", source)
            return
        yield from _of(trial, of_trial, source)


def _of(trial: Trial, told: Sequence[Answer], source: Document) -> Iterator[Finding]:
    tried = [(how, answer) for how, answer in zip(trial.how, told, strict=True) if answer.refused is None]
    broken = [f"{how}{_why(trial, answer)}" for how, answer in tried if answer.failed is not None]
    if broken:
        severity = Severity.BLOCK if len(broken) == len(tried) else Severity.WARN
        yield _failing(trial, severity, f"does not work {broken[0]}", source)
    sent = [Sent(how, answer.parameters) for how, answer in tried if answer.parameters is not None]
    if isinstance(trial.page, TablePage) and not trial.questions:
        sent = [Sent("by a table without a mapping", {})]
    for breach in breaches(trial.operation, trial.declared, sent):
        yield Finding(
            gate="contracts",
            rule=breach.rule,
            severity=breach.severity,
            message=f"The page {trial.page.id}: {breach.message}",
            remediation=breach.remediation,
            path=MANIFEST,
            line=line_of(trial.key, source),
            controls=CONTROLS,
        )


def _why(trial: Trial, answer: Answer) -> str:
    """Of code, what it did instead: the function, the kind of error and its line."""
    return f" ({str(answer.failed).rstrip('.')})" if functions(trial.page) else ""


def _failing(trial: Trial, severity: Severity, how: str, source: Document) -> Finding:
    return Finding(
        gate="contracts",
        rule="contract-mapping-failed",
        severity=severity,
        message=f"The page {trial.page.id}: what it sends is not made: {how}."
        if functions(trial.page)
        else f"The page {trial.page.id}: its mapping {how}.",
        remediation="Correct the mapping: a field that was left empty is absent, so ask for it first. "
        "In a function it is None.",
        path=MANIFEST,
        line=line_of(f"{trial.key}.mapping", source),
        controls=CONTROLS,
    )
