"""The panels of the platform dashboard: figures, each as a table and where it helps as a chart."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from appguard.approvals.exceptions.model import ExceptionRecord
from appguard.apps.card import Card
from appguard.apps.facets import Facet, narrow
from appguard.apps.lifecycle import State
from appguard.audit.search.flow import Flow, Stage
from appguard.gates.review_policy import ExceptionRules
from appguard.kernel.levels import RiskTier
from appguard.kernel.phrase import Phrase as _
from appguard.portal import words
from appguard.reports.document import Bar, Chart, Tone

MOST_RULES = 10
TENTHS_BELOW = 10
SECOND, MINUTE, HOUR, DAY = 1000, 60, 3600, 86400
"""Milliseconds of the first, seconds of the others."""

STAGES: Mapping[Stage, str] = {
    Stage.MAKING: _("Made, to first submitted"),
    Stage.CHECKS: _("Automatic checks"),
    Stage.WAITING: _("Waiting for a person"),
    Stage.SET_UP: _("Approved, to in use"),
    Stage.VERSION: _("Submitted, to in use"),
    Stage.WHOLE: _("Begun, to first in use"),
}
DECISIONS = {
    "clear": _("Clear"),
    "needs_approval": _("A person is asked"),
    "refused": _("Refused by the checks"),
}


@dataclass(frozen=True)
class Panel:
    """One question and its answer; `none` is said where there is nothing to show."""

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    none: str
    chart: Chart | None = None


def of_flow(flow: Flow, titles: Mapping[str, str]) -> Iterator[Panel]:
    """What the ledger says of the period; `titles` of rules by id."""
    yield _pace(flow)
    yield _funnel(flow)
    yield _counted(
        _("Decisions of the checks"),
        _("Every version that was submitted, by what its findings meant."),
        (_("Decision"), _("Versions")),
        {DECISIONS.get(name, name): count for name, count in flow.decisions.items()},
        _("No version was checked within these days."),
    )
    yield _gates(flow)
    yield _rules(flow, titles)
    yield _counted(
        _("Versions that came into use, by risk"),
        _("Risk follows from what a version touches."),
        (_("Risk"), _("Versions")),
        {words.TIERS[tier].label: flow.tiers.get(tier, 0) for tier in RiskTier} if flow.tiers else {},
        _("No version came into use within these days."),
    )


def of_apps(cards: Collection[Card]) -> Iterator[Panel]:
    """How things stand now: apps by state, those in use by risk."""
    states = narrow(cards, {}).counts[Facet.STATE]
    yield _counted(
        _("Apps by state, now"),
        _("All apps there are."),
        (_("State"), _("Apps")),
        {words.STATES[state].label: states[state] for state in State if states[state]},
        _("There are no apps yet."),
    )
    tiers = narrow(cards, {Facet.STATE: State.ACTIVE}).counts[Facet.TIER]
    yield _counted(
        _("Apps in use by risk, now"),
        _("Those colleagues can open."),
        (_("Risk"), _("Apps")),
        {words.TIERS[tier].label: tiers[tier] for tier in RiskTier} if tiers else {},
        _("No app is in use yet."),
    )


def of_exceptions(holding: Collection[ExceptionRecord], rules: ExceptionRules, now: datetime) -> Panel:
    """What is accepted for a time, and how much of it ends soon."""
    over = sum(each.expires_at <= now for each in holding)
    soon = sum(each.expires_at > now and rules.soon(each.expires_at, now) for each in holding)
    return _counted(
        _("Exceptions, now"),
        _("What a reviewer accepted although a rule speaks against it."),
        (_("Standing"), _("Exceptions")),
        {_("Hold"): len(holding) - over - soon, _("End soon"): soon, _("Past their day"): over}
        if holding
        else {},
        _("No exception is open."),
    )


def _pace(flow: Flow) -> Panel:
    return Panel(
        "Time to production",
        "Of what ended within these days: half took no longer than the first figure, nine of ten no longer"
        " than the second.",
        ("Stage", "How many", "Half within", "Nine of ten within"),
        tuple((STAGES[p.stage], p.count, lasting(p.median), lasting(p.p90)) for p in flow.paces),
        "Nothing was submitted or published within these days.",
        Chart(
            title="Time to production by stage",
            description="; ".join(
                f"{STAGES[p.stage]}: half within {lasting(p.median)}, nine of ten within {lasting(p.p90)}"
                for p in flow.paces
            ),
            bars=tuple(
                Bar(
                    label=STAGES[pace.stage],
                    parts=(
                        (Tone.PLAIN, "half within", round(pace.median)),
                        (Tone.QUIET, "nine of ten within", round(pace.p90 - pace.median)),
                    ),
                    figure=lasting(pace.p90),
                )
                for pace in flow.paces
            ),
        ),
    )


def _funnel(flow: Flow) -> Panel:
    of = flow.funnel
    steps: dict[str, int] = {
        _("Begun"): of.created,
        _("Submitted"): of.submitted,
        _("Decided"): of.decided,
        _("In use"): of.published,
    }
    return _counted(
        _("From idea to use"),
        _("How far the apps begun within these days have come by their end."),
        (_("Reached"), _("Apps")),
        {**steps, _("Refused so far"): of.refused} if of.created else {},
        _("No app was begun within these days."),
    )


def _gates(flow: Flow) -> Panel:
    return Panel(
        "How long each check takes",
        "Of versions checked within these days, the slowest check first.",
        ("Check", "Versions", "Half within", "Nine of ten within"),
        tuple((one.gate, one.count, _short(one.median), _short(one.p90)) for one in flow.gates),
        "No version was checked within these days.",
        _chart("Milliseconds by check, half within", {one.gate: round(one.median) for one in flow.gates}),
    )


def _rules(flow: Flow, titles: Mapping[str, str]) -> Panel:
    shown = flow.rules[:MOST_RULES]
    left = len(flow.rules) - len(shown)
    more = f" {left} more rules found something: the CSV file has them." if left else ""
    return Panel(
        _("What the checks find"),
        f"The rules that found most, in versions submitted within these days.{more}",
        (_("Rule"), _("Findings"), _("Versions")),
        tuple((titles.get(one.rule, one.rule), one.findings, one.versions) for one in shown),
        _("The checks found nothing within these days."),
        _chart(_("Findings by rule"), {one.rule: one.findings for one in shown}),
    )


def _counted(title: str, about: str, heads: tuple[str, str], counts: Mapping[str, int], none: str) -> Panel:
    return Panel(title, about, heads, tuple(counts.items()), none, _chart(title, counts))


def _chart(title: str, counts: Mapping[str, int]) -> Chart:
    return Chart(
        title=title,
        description=", ".join(f"{name}: {count:,}" for name, count in counts.items()),
        bars=tuple(Bar(label=name, parts=((Tone.PLAIN, title, count),)) for name, count in counts.items()),
    )


def lasting(seconds: float) -> str:
    """A stretch of time as people say it: `40 s`, `12 min`, `3.5 h`, `2.1 days`."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s" if seconds >= TENTHS_BELOW else f"{seconds:.1f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < 2 * DAY else f"{seconds / DAY:.1f} days"


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < SECOND else lasting(milliseconds / SECOND)
