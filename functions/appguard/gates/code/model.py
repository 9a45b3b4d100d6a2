"""What the parts of the code gate hand each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from appguard.gates.sources import Source
from appguard.kernel.finding import Finding, Severity

CONTROLS = ("ISO27001-A.8.28", "SOC2-CC8.1")
THROUGH_A_CONNECTOR = (
    "Data comes through a connector: declare it under connectors in app.yaml and call its query or command; "
    "the rest of the code only calculates with what it is given."
)


@dataclass(frozen=True)
class Surroundings:
    """What a file may import besides the standard library; `modules` names the package each comes from."""

    own: Mapping[str, Source] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    modules: Mapping[str, str] = field(default_factory=dict)


def finding(
    rule: str,
    message: str,
    remediation: str,
    path: str,
    line: int | None = None,
    severity: Severity = Severity.BLOCK,
) -> Finding:
    """A finding of this gate."""
    return Finding(
        gate="code",
        rule=rule,
        severity=severity,
        message=message,
        remediation=remediation,
        path=path,
        line=line,
        controls=CONTROLS,
    )
