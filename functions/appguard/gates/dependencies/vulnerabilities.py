"""What the advisories say of the pins. Advisories that are missing, old or silent are a finding."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from appguard.gates.dependencies.findings import VULNERABLE, about, vulnerable
from appguard.gates.dependencies.rules import Rules
from appguard.kernel.finding import Finding, Severity
from appguard.packages.model import AdvisorySource, Answer, Pin

A_DAY = timedelta(days=1)


def known(
    pins: Sequence[Pin], source: AdvisorySource | None, rules: Rules, now: datetime
) -> Iterator[Finding]:
    """Every vulnerability, and whatever keeps us from saying that there are no others."""
    answer = source.ask(pins) if source else None
    if answer is None:
        yield about(
            None,
            "advisories-missing",
            Severity.APPROVE,
            "No advisories were at hand, so nobody has looked for known vulnerabilities.",
            "On a laptop: `appguard check … --advisories FILE`. Elsewhere the platform team sees to it.",
            VULNERABLE,
        )
        return
    for pin, faults in answer.vulnerabilities.items():
        yield from (vulnerable(pin, fault) for fault in faults)
    if answer.unchecked:
        names = ", ".join(pin.name for pin in answer.unchecked)
        message = f"{answer.source} did not look at {names:.200}."
        remedy = "A reviewer judges these packages, or the app does without them."
        yield about(None, "dependency-unchecked", Severity.APPROVE, message, remedy, VULNERABLE)
    if not _current(answer, rules, now):
        message = (
            f"The advisories of {answer.source} are of {answer.as_of:%Y-%m-%d}: newer faults are not in them."
        )
        remedy = (
            f"Look with advisories of the last {rules.advisories_max_age_days} days, or ask for approval."
        )
        yield about(None, "advisories-stale", Severity.APPROVE, message, remedy, VULNERABLE)


def _current(answer: Answer, rules: Rules, now: datetime) -> bool:
    """Neither old nor of a day that has not come, which says nothing of their age."""
    age = now - answer.as_of
    return -A_DAY < age < timedelta(days=rules.advisories_max_age_days)
