"""Hold a framework's controls against the figures. What has no evidence has not passed."""

from collections.abc import Iterable, Mapping

from appguard.kernel.record import Record
from appguard.reports.catalogue import Control, Framework
from appguard.reports.checks import Outcome, State
from appguard.reports.model import Figures

Rules = Mapping[str, Iterable[str]]
"""For each rule of the book the controls its METADATA names."""


class Assessed(Record):
    """One control and what speaks for or against it."""

    control: str
    title: str
    state: State
    evidence: tuple[Outcome, ...]
    rules: tuple[str, ...]


def assess(
    framework: Framework, outcomes: Mapping[str, Outcome], figures: Figures, rules: Rules
) -> tuple[Assessed, ...]:
    """Every control of the framework, in its order."""
    return tuple(
        _control(name, control, outcomes, figures, _serving(f"{framework.prefix}{name}", rules))
        for name, control in framework.ordered()
    )


def _serving(control: str, rules: Rules) -> tuple[str, ...]:
    return tuple(sorted(rule for rule, controls in rules.items() if control in controls))


def _control(
    name: str, control: Control, outcomes: Mapping[str, Outcome], figures: Figures, rules: tuple[str, ...]
) -> Assessed:
    evidence = [outcomes[check] for check in control.checks]
    if rules:
        evidence.append(_enforced(rules, figures))
    return Assessed(
        control=name, title=control.title, state=_worst(evidence), evidence=tuple(evidence), rules=rules
    )


def _enforced(rules: tuple[str, ...], figures: Figures) -> Outcome:
    """That rules judged versions: each found something or not, and every version met all of them."""
    judged = sum(figures.judged.values())
    found = sum(figures.rules.get(rule, 0) for rule in rules)
    return Outcome(
        check="rules-enforced",
        title=f"{_rules(len(rules))} for this control judged every version",
        state=State.PASSED if judged else State.NOT_EVIDENCED,
        looked_at=judged,
        what="judged versions",
        note=f"{_findings(found)} in them",
    )


def _rules(count: int) -> str:
    return "One rule" if count == 1 else f"{count} rules"


def _findings(count: int) -> str:
    return "nothing was found" if not count else f"{count} finding{'s' * (count > 1)}"


def _worst(evidence: Iterable[Outcome]) -> State:
    """Failed if anything did; passed if something was proven; else not evidenced."""
    states = {outcome.state for outcome in evidence}
    return next((state for state in State if state in states), State.NOT_EVIDENCED)
