"""What the package index says of a pin, against what we accept. What it did not say is said."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from appguard.gates.dependencies.findings import LICENCE, about
from appguard.gates.dependencies.licences import Verdict, judge
from appguard.gates.dependencies.rules import Rules
from appguard.kernel.finding import Finding, Severity
from appguard.packages.model import Facts, FactSource, Pin


def judged(pins: Sequence[Pin], source: FactSource | None, rules: Rules, now: datetime) -> Iterator[Finding]:
    """Every pin by its facts, and one finding that names those of which none are known."""
    known = source.facts(pins) if source else {}
    for pin in pins:
        if pin in known:
            yield from _judged(pin, known[pin], rules, now)
    if unknown := [pin.name for pin in pins if pin not in known]:
        yield about(
            None,
            "package-facts-unknown",
            Severity.WARN,
            f"Licence, age and standing are not known yet: {', '.join(unknown):.300}.",
            "Nothing to repair: the platform asks the package index about them once a day.",
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
    yield from _hash(pin, facts)
    yield from _licence(pin, facts, rules)
    if facts.released and now - facts.released < timedelta(days=rules.release_min_age_days):
        message = f"{what} was released on {facts.released:%Y-%m-%d}; malware is mostly found within days."
        remedy = (
            f"Pin a version older than {rules.release_min_age_days} days, or say why it must be this one."
        )
        yield about(pin.line, "package-fresh", Severity.APPROVE, message, remedy)


def _hash(pin: Pin, facts: Facts) -> Iterator[Finding]:
    published = {f"sha256:{digest}" for digest in facts.sha256}
    wrong = [one for one in pin.hashes if one.startswith("sha256:") and one not in published]
    if wrong and published:
        message = f"{wrong[0]:.20}… is the hash of no file that {pin.name} {pin.version} was published with."
        remedy = "Take the hashes from the package index, with `uv export` or pip-compile."
        yield about(pin.line, "requirement-hash", Severity.BLOCK, message, remedy)


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
