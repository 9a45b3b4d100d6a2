"""All figures of a report: a pure function of the ledger's entries up to the end of the period."""

from collections.abc import Mapping
from datetime import UTC, timedelta

from appguard.kernel.actions import Action
from appguard.kernel.event import Result
from appguard.reports.figures.access import access, ended_as, totals, within
from appguard.reports.figures.exceptions import exceptions
from appguard.reports.figures.inventory import inventory
from appguard.reports.figures.policies import policies
from appguard.reports.figures.releases import decisions, judged, releases
from appguard.reports.figures.secrets import secrets
from appguard.reports.history import History
from appguard.reports.model import DayLine, Figures, LedgerCheck, Period


def figures(history: History, ledger: LedgerCheck, period: Period, alarm_days: Mapping[str, int]) -> Figures:
    """The figures of `period`, which ends where `history` does; `alarm_days` is the policy of secrets."""
    apps, decided = inventory(history), decisions(history)
    accesses = within(history, period)
    decision_counts, rules = judged(history.story, period)
    happened = [one for one in history.story if period.holds(one.timestamp) and one.result is Result.SUCCESS]
    signed_in = [one.actor.id for one in happened if one.action == Action.PERSON_SIGNED_IN]
    return Figures(
        period=period,
        entries=history.entries,
        ledger=ledger,
        apps=apps,
        decisions=tuple(line for line in decided if period.holds(line.at)),
        releases=releases(history, decided, period),
        judged=decision_counts,
        rules=rules,
        exceptions=exceptions(history, {app.app_id: app for app in apps}, period),
        access=access(accesses),
        access_totals=totals(accesses),
        refusals=tuple(ended_as(Result.DENIED, history.story, period)),
        failures=tuple(ended_as(Result.FAILURE, history.story, period)),
        secrets=secrets(history, alarm_days),
        policies=policies(history, period),
        advisories_synced=sum(one.action == Action.ADVISORIES_SYNCED for one in happened),
        deployments=sum(one.action == Action.PLATFORM_DEPLOYED for one in happened),
        sign_ins=len(signed_in),
        signed_in=len(set(signed_in)),
        days=_days(history, period),
    )


def _days(history: History, period: Period) -> tuple[DayLine, ...]:
    """Every day of the period, those without entries too."""
    first, last = (
        at.astimezone(UTC).date() for at in (period.since, period.until - timedelta(microseconds=1))
    )
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    counts = history.per_day
    return tuple(DayLine(day=day, **{r.value: n for r, n in counts.get(day, {}).items()}) for day in days)
