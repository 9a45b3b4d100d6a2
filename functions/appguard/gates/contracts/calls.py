"""Calls of connectors in an app's own code, as far as its source alone tells what they are.

`<client>.query("hr-db", "team_calendar", {"from": day, "to": day})` is read, with its names also as
keywords. What is computed cannot be read, and is said. `.command(…)` and `.export(…)` are not given
to code: what an app writes, its forms send.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from appguard.apps.bundle import Bundle
from appguard.apps.manifest import Manifest
from appguard.connectors.model import Connector
from appguard.gates.contracts.parameters import Breach, Declared, missing, refused, unknown
from appguard.gates.sources import Source, read
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import ConnectorName

_CLIENTS = frozenset({"broker", "client", "connector", "connectors"})
_KINDS = ("query", "command", "export")


class Call(NamedTuple):
    """One call: names are None where they are computed, parameters where they are no dictionary."""

    line: int
    kind: str
    connector: str | None
    operation: str | None
    parameters: ast.Dict | None


def findings(
    bundle: Bundle, manifest: Manifest, connectors: Mapping[ConnectorName, Connector]
) -> Iterator[Finding]:
    """Calls of what was not asked for, and parameters their query or command does not take."""
    for path, call in calls(bundle):
        for breach in _judged(call, manifest, connectors):
            yield Finding(
                gate="contracts",
                rule=breach.rule,
                severity=breach.severity,
                message=breach.message,
                remediation=breach.remediation,
                path=path,
                line=call.line,
                controls=("ISO27001-A.8.26", "NIST-AC-6"),
            )


def reads(bundle: Bundle) -> set[tuple[str, str]]:
    """The queries that the app's own code asks by name, each with its connector."""
    asked = (call for _, call in calls(bundle) if call.kind == "query")
    return {(call.connector, call.operation) for call in asked if call.connector and call.operation}


def calls(bundle: Bundle) -> Iterator[tuple[str, Call]]:
    """Every call, and the file it stands in; tests bring a client of their own.

    None of a file that cannot be read, which the code gate refuses.
    """
    for source in read(bundle).sources:
        if not source.is_test:
            yield from ((source.path, call) for call in _in(source))


def _in(source: Source) -> Iterator[Call]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _KINDS:
            call = _call(node, node.func.attr)
            names_one = call.connector is not None and len(node.args) + len(node.keywords) > 1
            if names_one or _client(node.func.value):
                yield call


def _call(node: ast.Call, kind: str) -> Call:
    given: dict[str, ast.expr] = dict(zip(("connector", kind, "parameters"), node.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    parameters = given.get("parameters")
    return Call(
        node.lineno,
        kind,
        _constant(given.get("connector")),
        _constant(given.get(kind)),
        parameters if isinstance(parameters, ast.Dict) else ast.Dict([], []) if parameters is None else None,
    )


def _constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _client(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in _CLIENTS


def _judged(
    call: Call, manifest: Manifest, connectors: Mapping[ConnectorName, Connector]
) -> Iterator[Breach]:
    if call.kind != "query":
        yield Breach(
            "contract-call-unavailable",
            Severity.BLOCK,
            f"Code of an app reads; it has no {call.kind}.",
            "A form's submit sends what an app writes; a table with export: true gives rows as a file.",
        )
        return
    if call.connector is None or call.operation is None:
        yield Breach(
            "contract-call-unreadable",
            Severity.WARN,
            f"Which {call.kind} is called here is computed, so it cannot be checked.",
            f"Write the names of the connector and of the {call.kind} as plain texts.",
        )
        return
    uses = {str(use.name): use for use in manifest.connectors}
    use = uses.get(call.connector)
    if use is None or call.operation not in use.queries:
        yield Breach(
            "contract-call-not-asked",
            Severity.BLOCK,
            f"The app calls {call.operation:.60} of {call.connector:.60} without asking for it.",
            "Name it under connectors in app.yaml, or remove the call: the broker would refuse it.",
        )
    elif (declared := _declared(call, connectors)) is not None and call.parameters is not None:
        yield from _parameters(call.operation, call.parameters, declared)


def _declared(call: Call, connectors: Mapping[ConnectorName, Connector]) -> Declared | None:
    connector = next((c for name, c in connectors.items() if name == call.connector), None)
    if connector is None:
        return None
    found = connector.queries.get(str(call.operation))
    return found.parameters if found else None


def _parameters(operation: str, given: ast.Dict, declared: Declared) -> Iterator[Breach]:
    """What is written out is checked; what is computed counts as fitting."""
    values = {_constant(key): value for key, value in zip(given.keys, given.values, strict=True)}
    names = [name for name in values if name is not None]
    yield from unknown(operation, declared, names)
    for name, parameter in declared.items():
        value = values.get(name)
        if value is None and parameter.required and None not in values:
            yield missing(operation, name, parameter, "here")
        if isinstance(value, ast.Constant) and isinstance(value.value, str | int | float | bool):
            yield from refused(operation, name, parameter, [value.value])
