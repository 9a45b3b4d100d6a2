"""From faults to findings: what the book says of a rule is written once, there."""

from collections.abc import Iterable

from appguard.connectors.lint.file import ConnectorFile
from appguard.connectors.lint.model import Fault
from appguard.gates.rulebook import of_gates
from appguard.kernel.finding import Finding

GATE = "connectors"


def findings(file: ConnectorFile, faults: Iterable[Fault]) -> list[Finding]:
    """The faults of a file as findings, each once, in the order of lines."""
    in_order = sorted(set(faults), key=lambda fault: (fault.line, fault.message))
    return [_finding(fault, file) for fault in in_order]


def _finding(fault: Fault, file: ConnectorFile) -> Finding:
    told = of_gates()[fault.rule]
    return Finding(
        gate=GATE,
        rule=fault.rule,
        severity=told.effect,
        message=f"{fault.message}.",
        remediation=told.remediation,
        path=file.path.as_posix(),
        line=fault.line,
        controls=told.controls,
    )
