"""How apps flow from an idea into use: figures over a period, worked out from entries of the ledger."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median, quantiles
from typing import Any

from pydantic import AwareDatetime

from appguard.audit.search.fact import Fact, microseconds
from appguard.audit.search.filters import Filters
from appguard.kernel.actions import Action
from appguard.kernel.event import Result
from appguard.kernel.record import Record

LONGEST_REVIEW = timedelta(days=31)
"""The state machine gives up after thirty days."""
TOLD = (Action.APP_PUBLISHED, Action.REVIEW_CHECKED)
"""Entries of which more than their place is looked at."""
DECIDED = frozenset({Action.REVIEW_APPROVED, Action.REVIEW_REFUSED})


class Stage(StrEnum):
    """A stretch of the way, by what begins and ends it."""

    MAKING = "making"
    CHECKS = "checks"
    WAITING = "waiting"
    SET_UP = "set_up"
    VERSION = "version"
    WHOLE = "whole"


STRETCHES = {
    Stage.CHECKS: ({Action.REVIEW_SUBMITTED}, {Action.REVIEW_CHECKED}),
    Stage.WAITING: ({Action.REVIEW_WAITING}, DECIDED),
    Stage.SET_UP: ({Action.REVIEW_APPROVED}, {Action.REVIEW_PUBLISHED}),
    Stage.VERSION: ({Action.REVIEW_SUBMITTED}, {Action.REVIEW_PUBLISHED}),
}
"""Stretches of a review; the others are of an app."""


class Pace(Record):
    """How long a stage took, in seconds, of those that ended within the period."""

    stage: Stage
    count: int
    median: float
    p90: float


class Funnel(Record):
    """How far the apps that were begun within the period have come by its end."""

    created: int = 0
    submitted: int = 0
    decided: int = 0
    published: int = 0
    refused: int = 0
    """Of those decided: never in use, and refused at least once."""


class RuleCount(Record):
    """What a rule found: how many findings, in how many versions."""

    rule: str
    findings: int
    versions: int


class GatePace(Record):
    """How long one gate took, in milliseconds."""

    gate: str
    count: int
    median: float
    p90: float


class Flow(Record):
    """All figures of a period. `unread` entries are signed and not looked at."""

    since: AwareDatetime
    until: AwareDatetime
    paces: tuple[Pace, ...]
    funnel: Funnel
    gates: tuple[GatePace, ...]
    rules: tuple[RuleCount, ...]
    decisions: dict[str, int]
    tiers: dict[str, int]
    """Versions that came into use, by risk."""
    unread: int = 0


def wanted(since: datetime, until: datetime) -> tuple[Filters, Filters]:
    """What has to be read: of apps their beginnings, however long ago, and reviews that may end within."""
    of_apps = (Action.APP_CREATED, Action.APP_SUBMITTED, Action.APP_PUBLISHED)
    reviewed = Filters(action=("review.",), result=Result.SUCCESS, since=since - LONGEST_REVIEW, until=until)
    return Filters(action=of_apps, result=Result.SUCCESS, until=until), reviewed


def flow(facts: Iterable[Fact], since: datetime, until: datetime, unread: int = 0) -> Flow:
    """The figures, from the facts of both `wanted` questions in whatever order."""
    ordered = sorted(facts)
    beginning = microseconds(since)
    within = [fact for fact in ordered if fact.micros >= beginning]
    firsts = _firsts(ordered)
    took = _of_reviews(ordered, beginning) | _of_apps(firsts, beginning)
    return Flow(
        since=since,
        until=until,
        paces=tuple(_pace(stage, took[stage]) for stage in Stage if took.get(stage)),
        funnel=_funnel(within, firsts),
        gates=_gates(within),
        rules=_rules(within),
        decisions=_tally(within, Action.REVIEW_CHECKED, "decision"),
        tiers=_tally(within, Action.APP_PUBLISHED, "tier"),
        unread=unread,
    )


Firsts = dict[str, dict[str, int]]
"""Of each app the moment of the first entry of each action."""


def _firsts(ordered: Iterable[Fact]) -> Firsts:
    firsts: Firsts = defaultdict(dict)
    for fact in ordered:
        if fact.app:
            firsts[fact.app].setdefault(fact.action, fact.micros)
    return firsts


def _of_apps(firsts: Firsts, beginning: int) -> dict[Stage, list[float]]:
    """From the idea to the first submission and to the first version in use."""
    took: dict[Stage, list[float]] = defaultdict(list)
    for seen in firsts.values():
        for stage, end in ((Stage.MAKING, Action.APP_SUBMITTED), (Stage.WHOLE, Action.APP_PUBLISHED)):
            if Action.APP_CREATED in seen and seen.get(end, -1) >= beginning:
                took[stage].append((seen[end] - seen[Action.APP_CREATED]) / 1e6)
    return took


def _of_reviews(ordered: Iterable[Fact], beginning: int) -> dict[Stage, list[float]]:
    """Each stretch of each review from its latest beginning: a version may be submitted again."""
    begun: dict[tuple[str, Stage], int] = {}
    took: dict[Stage, list[float]] = defaultdict(list)
    for fact in ordered:
        for stage, (begins, ends) in STRETCHES.items():
            if fact.action in ends and (start := begun.pop((fact.resource, stage), None)) is not None:
                if fact.micros >= beginning:
                    took[stage].append((fact.micros - start) / 1e6)
            elif fact.action in begins:
                begun[fact.resource, stage] = fact.micros
    return took


def _pace(stage: Stage, seconds: Sequence[float]) -> Pace:
    return Pace(stage=stage, **_spread(seconds))


def _gates(within: Iterable[Fact]) -> tuple[GatePace, ...]:
    """Each gate, the slowest first."""
    took: dict[str, list[float]] = defaultdict(list)
    for fact in within:
        if fact.action == Action.REVIEW_CHECKED and isinstance(told := _said(fact).get("took_ms"), dict):
            for gate, each in told.items():
                if isinstance(each, int | float):
                    took[gate].append(each)
    paces = (GatePace(gate=gate, **_spread(each)) for gate, each in took.items())
    return tuple(sorted(paces, key=lambda pace: (-pace.median, pace.gate)))


def _spread(took: Sequence[float]) -> dict[str, Any]:
    p90 = quantiles(took, n=10, method="inclusive")[-1] if len(took) > 1 else took[0]
    return {"count": len(took), "median": round(median(took), 1), "p90": round(p90, 1)}


def _funnel(within: Iterable[Fact], firsts: Firsts) -> Funnel:
    begun = {fact.app for fact in within if fact.action == Action.APP_CREATED}
    cohort = [firsts[app].keys() for app in begun]
    return Funnel(
        created=len(cohort),
        submitted=sum(Action.APP_SUBMITTED in seen for seen in cohort),
        decided=sum(not DECIDED.isdisjoint(seen) for seen in cohort),
        published=sum(Action.APP_PUBLISHED in seen for seen in cohort),
        refused=sum(Action.REVIEW_REFUSED in seen and Action.APP_PUBLISHED not in seen for seen in cohort),
    )


def _rules(within: Iterable[Fact]) -> tuple[RuleCount, ...]:
    """The rules that found something, the most frequent first."""
    findings: Counter[str] = Counter()
    versions: Counter[str] = Counter()
    for fact in within:
        if fact.action == Action.REVIEW_CHECKED and isinstance(found := _said(fact).get("rules"), dict):
            counts = {rule: count for rule, count in found.items() if isinstance(count, int)}
            findings.update(counts)
            versions.update(counts.keys())
    ranked = sorted(findings, key=lambda rule: (-findings[rule], rule))
    return tuple(RuleCount(rule=rule, findings=findings[rule], versions=versions[rule]) for rule in ranked)


def _tally(within: Iterable[Fact], action: Action, name: str) -> dict[str, int]:
    told = (_said(fact).get(name) for fact in within if fact.action == action)
    return dict(sorted(Counter(one for one in told if isinstance(one, str)).items()))


def _said(fact: Fact) -> dict[str, Any]:
    """The metadata of an entry, in lower case: the last line of what is searched for text."""
    try:
        said = json.loads(fact.text.rpartition("\n")[2] or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
