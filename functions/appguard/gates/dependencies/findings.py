"""The words of this gate: what each kind of finding says, how bad it is and which control it serves."""

from appguard.kernel.finding import Finding, Severity
from appguard.packages.model import Pin, Vulnerability
from appguard.packages.requirements import FILE, Fault

SUPPLY = ("ISO27001-A.5.21", "SOC2-CC7.1", "NIST-SR-3")
VULNERABLE = ("ISO27001-A.8.8", "SOC2-CC7.1", "NIST-RA-5")
LICENCE = ("ISO27001-A.5.32",)


def fault(one: Fault) -> Finding:
    """A line that may not stand there."""
    return about(one.line, one.rule, Severity.BLOCK, one.message, one.remedy)


def other_file(path: str) -> Finding:
    """A file that would name dependencies in a way nobody reads."""
    return Finding(
        gate="dependencies",
        rule="dependency-file",
        severity=Severity.BLOCK,
        message=f"{path} may bring dependencies; only {FILE} at the top of the bundle is examined.",
        remediation=f"Move what the app needs into {FILE} as name==version lines, and remove this file.",
        path=path,
        controls=SUPPLY,
    )


def vulnerable(pin: Pin, known: Vulnerability) -> Finding:
    """Blocks where there is something to do; where there is not, a person decides."""
    names = ", ".join((known.id, *known.aliases[:3]))
    if known.malicious:
        rule, severity = "dependency-malicious", Severity.BLOCK
        message, remedy = f"{pin.name} {pin.version} is malicious software ({names}).", f"Remove {pin.name}."
    elif known.fixed:
        rule, severity = "dependency-vulnerable", Severity.BLOCK
        message = f"{pin.name} {pin.version} has a known vulnerability ({names})."
        remedy = f"Pin {pin.name}=={known.fixed}, the smallest version that is sound."
    else:
        rule, severity = "dependency-unfixed", Severity.APPROVE
        message = f"{pin.name} {pin.version} has a known vulnerability ({names}) and no version mends it."
        remedy = f"Do without {pin.name}, or explain to the reviewer why the app is safe all the same."
    return about(pin.line, rule, severity, message, remedy, VULNERABLE)


def about(
    line: int | None,
    rule: str,
    severity: Severity,
    message: str,
    remedy: str,
    controls: tuple[str, ...] = SUPPLY,
) -> Finding:
    """A finding at a line of requirements.txt."""
    return Finding(
        gate="dependencies",
        rule=rule,
        severity=severity,
        message=message,
        remediation=remedy,
        path=FILE,
        line=line,
        controls=controls,
    )
