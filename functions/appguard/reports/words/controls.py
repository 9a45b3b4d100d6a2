"""The controls, what speaks for each, and what speaks against it."""

from collections.abc import Iterator

from appguard.reports.assess import Assessed
from appguard.reports.checks import Outcome, State
from appguard.reports.document import Bar, Chart, Row, Section, Table, Tone
from appguard.reports.report import Report

TONES = {State.FAILED: Tone.BAD, State.PASSED: Tone.GOOD, State.NOT_EVIDENCED: Tone.QUIET}
NAMED = 5
"""Offenders that a line names; the annex of the section has all of them."""


def section(report: Report) -> Section:
    """Each control with how it stands, then each statement behind it."""
    return Section(
        title="Controls",
        prose=(
            "A control has passed when at least one statement listed for it was held against facts of this"
            " period and none failed. Whether these statements suffice for the control is for the auditor"
            " to judge. “Not evidenced” means that nothing in the ledger speaks for or against it.",
        ),
        charts=(_chart(report),),
        tables=(
            Table(
                name="controls",
                title="Controls and the evidence for each",
                heads=("Control", "Title", "Result", "Evidence"),
                rows=tuple(_row(control) for control in report.controls),
            ),
            Table(
                name="rules",
                title="Rules that serve a control",
                heads=("Control", "Rule", "Versions it found something in"),
                rows=tuple(_rules(report)),
                folded=True,
            ),
        ),
    )


def failures(report: Report) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each failed control and what speaks against it."""
    for control in report.failed:
        against = (said(one) for one in control.evidence if one.state is State.FAILED)
        yield control.control, control.title, tuple(against)


def said(outcome: Outcome) -> str:
    """One statement, how it stands, and on what that rests."""
    told = f"{outcome.title}: {outcome.state}"
    looked = f"{outcome.what}: {outcome.looked_at:,}"
    reasons = [looked, outcome.note] if outcome.note else [looked]
    return f"{told} ({'; '.join(reasons)}{_named(outcome.offenders)})"


def _named(offenders: tuple[str, ...]) -> str:
    if not offenders:
        return ""
    more = f" and {len(offenders) - NAMED:,} more" if len(offenders) > NAMED else ""
    return f"; not so for {', '.join(offenders[:NAMED])}{more}"


def _row(control: Assessed) -> Row:
    evidence = "\n".join(said(one) for one in control.evidence)
    return Row(
        cells=(control.control, control.title, control.state.value, evidence), tone=TONES[control.state]
    )


def _rules(report: Report) -> Iterator[Row]:
    for control in report.controls:
        for rule in control.rules:
            yield Row(cells=(control.control, rule, report.figures.rules.get(rule, 0)))


def _chart(report: Report) -> Chart:
    parts = tuple((TONES[state], state.value, report.count(state)) for state in State)
    told = ", ".join(f"{count} {label}" for _, label, count in parts)
    return Chart(
        title="Controls by result",
        description=f"Of {len(report.controls)} controls: {told}.",
        bars=(Bar(label="Controls", parts=parts),),
    )
