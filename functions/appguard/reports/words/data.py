"""Exceptions, data access, refusals, secrets."""

from collections import Counter

from appguard.reports.document import Bar, Chart, Row, Section, Table, Tone
from appguard.reports.model import ExceptionState, Figures, RefusalLine
from appguard.reports.words.dates import NOTHING, day, moment

CLASSES = ("special", "personal", "confidential", "internal", "public", "unclassified")


def exceptions(figures: Figures) -> Section:
    """What was accepted although a rule speaks against it."""
    states = Counter(one.state for one in figures.exceptions)
    told = ", ".join(f"{states[state]:,} {state}" for state in ExceptionState)
    return Section(
        title="Exceptions",
        prose=(f"Exceptions in force at any time within the period, as they stood at its end: {told}.",),
        tables=(
            Table(
                name="exceptions",
                title="Register of exceptions",
                heads=("Exception", "App", "About", "Accepted by", "Owner", "Granted", "Ends", "State"),
                rows=tuple(
                    Row(
                        cells=(
                            one.exception_id,
                            one.app_id,
                            one.about,
                            one.approved_by or NOTHING,
                            one.owner or NOTHING,
                            day(one.granted_at),
                            day(one.expires_at),
                            one.state.value,
                        ),
                        tone=Tone.BAD if one.approved_by in {"", one.owner} else Tone.PLAIN,
                    )
                    for one in figures.exceptions
                ),
            ),
        ),
    )


def access(figures: Figures) -> Section:
    """Who touched which data, and what was refused."""
    sums = figures.access_totals
    return Section(
        title="Data access",
        prose=(
            f"{sums.accesses:,} accesses by {sums.people:,} people, {sums.exports:,} of them files that left"
            f" an app. {len(figures.refusals):,} actions were refused, {len(figures.failures):,} failed.",
        ),
        charts=(_by_class(figures), _by_day(figures)),
        tables=(
            Table(
                name="data-access",
                title="Access by class, app and query",
                heads=("Class", "App", "Access", "Query or command", "Times", "People", "Rows"),
                rows=tuple(
                    Row(
                        cells=(
                            one.data_class,
                            one.app_id,
                            one.action,
                            one.resource,
                            one.accesses,
                            one.people,
                            one.rows,
                        )
                    )
                    for one in figures.access
                ),
            ),
            _refusals("refused", "What was refused", figures.refusals),
            _refusals("failed", "What did not work", figures.failures),
            Table(
                name="activity",
                title="Entries by day",
                heads=("Day", "Done", "Refused", "Failed"),
                rows=tuple(
                    Row(cells=(day(one.day), one.success, one.denied, one.failure)) for one in figures.days
                ),
                folded=True,
            ),
        ),
    )


def _refusals(name: str, title: str, lines: tuple[RefusalLine, ...]) -> Table:
    return Table(
        name=name,
        title=title,
        heads=("When", "What", "Who", "App", "Resource", "Why", "Entry"),
        rows=tuple(
            Row(
                cells=(
                    moment(one.at),
                    one.action,
                    one.actor,
                    one.app_id or NOTHING,
                    one.resource,
                    one.code or NOTHING,
                    one.event_id,
                )
            )
            for one in lines
        ),
    )


def _by_class(figures: Figures) -> Chart:
    sums: Counter[str] = Counter()
    for line in figures.access:
        sums[line.data_class] += line.accesses
    found = [name for name in CLASSES if sums[name]]
    told = ", ".join(f"{name} {sums[name]:,}" for name in found) or "none"
    return Chart(
        title="Accesses by class of data",
        description=f"Accesses by class; one that touched several counts in each: {told}.",
        bars=tuple(Bar(label=name, parts=((Tone.PLAIN, name, sums[name]),)) for name in found),
    )


def _by_day(figures: Figures) -> Chart:
    refused = sum(one.denied for one in figures.days)
    return Chart(
        title="Entries of the ledger by day",
        description=f"{len(figures.days)} days with entries; {refused:,} entries are refusals.",
        bars=tuple(
            Bar(
                label=f"{one.day:%d %b}",
                parts=(
                    (Tone.PLAIN, "done", one.success),
                    (Tone.BAD, "refused", one.denied),
                    (Tone.QUIET, "failed", one.failure),
                ),
            )
            for one in figures.days
        ),
        upright=True,
    )


def secrets(figures: Figures) -> Section:
    """How old what must stay secret is."""
    return Section(
        title="Secrets",
        prose=("The ledger knows when each secret was made and replaced, and nothing of what it is.",),
        tables=(
            Table(
                name="secrets",
                title="Secrets at the end of the period",
                heads=("Secret", "Kind", "App", "Since", "Days", "Most"),
                rows=tuple(
                    Row(
                        cells=(
                            one.name,
                            one.kind,
                            one.app_id or NOTHING,
                            day(one.since),
                            one.days,
                            one.alarm_days,
                        ),
                        tone=Tone.BAD if one.late else Tone.PLAIN,
                    )
                    for one in figures.secrets
                ),
            ),
        ),
    )
