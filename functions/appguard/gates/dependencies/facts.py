"""What the package index says of a pin, against what we accept. What it did not say is said."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from appguard.gates.dependencies.findings import LICENCE, about
from appguard.gates.dependencies.licences import Verdict, judge
from appguard.gates.dependencies.rules import Rules
from appguard.kernel.finding import Finding, Severity
from appguard.packages.model import Facts, Pin, Resolution


def judged(pins: Sequence[Pin], known: Resolution, rules: Rules, now: datetime) -> Iterator[Finding]:
    """Every pin by its facts, and one finding that names those of which none are known."""
    unknown = []
    for pin in pins:
        if facts := known.of(pin):
            yield from _judged(pin, facts, rules, now)
        else:
            unknown.append(pin.name)
    if unknown and not known.failed:
        yield about(
            None,
            "package-facts-unknown",
            Severity.WARN,
            f"Licence, age, and what they need in turn was not looked at: {', '.join(unknown):.300}.",
            "The review asks the package index. To ask it here, add --index https://pypi.org/simple, "
            "or the address of your company's index.",
        )


def _judged(pin: Pin, facts: Facts, rules: Rules, now: datetime) -> Iterator[Finding]:
    what = f"{pin.name} {pin.version}"
    if not facts.exists:
        message = f"The package index knows no {what}."
        yield about(pin.line, "package-missing", Severity.BLOCK, message, "Correct the name or the version.")
        return
    if facts.yanked:
        message = f"{what} was withdrawn by its makers."
        yield about(pin.line, "package-yanked", Severity.BLOCK, message, "Pin the version that replaced it.")
    if facts.unusable:
        message = f"{what} cannot be installed: {facts.unusable}."
        remedy = "Pin another version, or use another package."
        yield about(pin.line, "package-unusable", Severity.BLOCK, message, remedy)
    else:
        yield from _licence(pin, facts, rules)
    if facts.released and now - facts.released < timedelta(days=rules.release_min_age_days):
        message = f"{what} was released on {facts.released:%Y-%m-%d}; malware is mostly found within days."
        remedy = (
            f"Pin a version older than {rules.release_min_age_days} days, or say why it must be this one."
        )
        yield about(pin.line, "package-fresh", Severity.APPROVE, message, remedy)


def _licence(pin: Pin, facts: Facts, rules: Rules) -> Iterator[Finding]:
    verdict = judge(facts.licence, rules.licences)
    name = facts.licence or "not stated"
    if verdict is Verdict.DENIED:
        message = f"The licence of {pin.name} {pin.version} is {name:.80}, which the company does not accept."
        yield about(pin.line, "licence-denied", Severity.BLOCK, message, "Use another package.", LICENCE)
    elif verdict is Verdict.UNLISTED:
        message = f"The licence of {pin.name} {pin.version} is {name:.80}; nobody has judged it yet."
        remedy = "A reviewer accepts it by name, or the platform team adds it to policies/dependencies.yaml."
        yield about(pin.line, "licence-unlisted", Severity.APPROVE, message, remedy, LICENCE)
