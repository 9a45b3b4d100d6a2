"""Gate: every dependency is one exact file of a package that nothing is known against, and all are listed."""

import re
from collections.abc import Iterator

from appguard.apps.bundle import Bundle
from appguard.gates.dependencies import closure, facts, findings, vulnerabilities
from appguard.gates.dependencies.lookalike import imitates
from appguard.gates.dependencies.rules import Rules, load
from appguard.gates.model import GateContext
from appguard.kernel.clock import utc_now
from appguard.kernel.finding import Finding, Severity
from appguard.packages import requirements
from appguard.packages.model import Pin

# Files that package managers read, and archives they install.
_OTHER = re.compile(
    r"(?:.*requirements.*\.(?:txt|in)|constraints.*\.txt|pyproject\.toml|setup\.(?:py|cfg)|pipfile(?:\.lock)?"
    r"|(?:uv|poetry|pdm|pixi|conda-lock)\.(?:lock|toml|yml|yaml)|pylock(?:\..*)?\.toml|pip\.(?:conf|ini)|easy-install\.pth"
    r"|environment\.ya?ml|conda\.ya?ml|package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|.*\.(?:whl|egg))",
    re.IGNORECASE,
)


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """What is wrong with the dependencies, and what could not be looked at; nothing where there are none."""
    others = [findings.other_file(path) for path in bundle.files if _names_dependencies(path)]
    content = bundle.files.get(requirements.FILE, b"")
    read = requirements.read(content)
    found = [*others, *map(findings.fault, read.faults)]
    if read.pins:
        rules, now = load(context.policies), utc_now()
        found += _lookalikes(read.pins, rules)
        found += vulnerabilities.known(read.pins, context.packages.advisories, rules, now)
        known = context.packages.of(content)
        found += facts.judged(read.pins, known, rules, now)
        found += closure.judged(read.pins, known, content, asked=context.packages.index is not None)
    return sorted(found, key=lambda finding: (finding.path or "", finding.line or 0))


def _names_dependencies(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path != requirements.FILE and _OTHER.fullmatch(name) is not None


def _lookalikes(pins: tuple[Pin, ...], rules: Rules) -> Iterator[Finding]:
    for pin in pins:
        if meant := imitates(pin.name, rules.popular):
            yield findings.about(
                pin.line,
                "package-lookalike",
                Severity.APPROVE,
                f"{pin.name} could be taken for {meant}; such names are used to spread malware.",
                f"Write {meant} if that is what you mean; otherwise a reviewer looks at {pin.name}.",
            )
