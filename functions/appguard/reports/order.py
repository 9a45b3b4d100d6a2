"""Which report is wanted: by a person, or because a week or a month is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, Field, model_validator

from appguard.kernel.event import Actor
from appguard.kernel.record import Record
from appguard.reports.catalogue import Catalogue, Every, FrameworkName
from appguard.reports.model import Period, ReportId

LONGEST = timedelta(days=3 * 366)


class Order(Record):
    """One report to make. The same order is the same report: made twice, it is there once."""

    report_id: ReportId
    framework: FrameworkName
    period: Period
    by: Actor = Field(default=Actor.system("reports"))

    @model_validator(mode="after")
    def _not_endless(self) -> "Order":
        if not timedelta(0) < self.period.until - self.period.since <= LONGEST:
            raise ValueError(f"a period ends after it began, within {LONGEST.days} days")
        return self

    @classmethod
    def asked(cls, framework: FrameworkName, period: Period, by: Actor, at: AwareDatetime) -> "Order":
        """What a person asked for at this moment."""
        mark = Period(since=at, until=at).fingerprint().removeprefix("sha256:")[:8]
        return cls(
            report_id=f"{framework}-{_last_day(period):%Y-%m-%d}-{mark}",
            framework=framework,
            period=period,
            by=by,
        )


def due(catalogue: Catalogue, now: datetime) -> Iterator[Order]:
    """For each framework the last whole week or month before `now`, as the catalogue asks."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for name, framework in catalogue.frameworks.items():
        for every in framework.every:
            period = _last_month(today) if every is Every.MONTH else _last_week(today)
            mark = f"{period.since:%Y-%m}" if every is Every.MONTH else f"{period.since:%G-w%V}"
            yield Order(report_id=f"{name}-{mark}", framework=name, period=period)


def month_to(day: datetime) -> Period:
    """From the first of its month to the end of `day`, which is midnight."""
    return Period(since=day.replace(day=1), until=day + timedelta(days=1))


def _last_month(today: datetime) -> Period:
    first = today.replace(day=1)
    return Period(since=(first - timedelta(days=1)).replace(day=1), until=first)


def _last_week(today: datetime) -> Period:
    monday = today - timedelta(days=today.weekday())
    return Period(since=monday - timedelta(days=7), until=monday)


def _last_day(period: Period) -> datetime:
    return period.until.astimezone(UTC) - timedelta(microseconds=1)
