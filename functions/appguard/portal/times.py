"""Dates, times and numbers as the reader writes them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from appguard.kernel.clock import utc_now
from appguard.kernel.phrase import Phrase as _
from appguard.portal.languages import LANGUAGES, said, translations
from appguard.portal.reader import Reader

MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
SOON = timedelta(days=7)
"""From here on a date says more than a number of days."""


@pass_context
def day(context: Context, value: date | None) -> str:
    """`3 March 2026`; the day of a moment is the one the reader's calendar shows."""
    reader = _reader(context)
    if value is None:
        return said(_("not set"), reader.language)
    if isinstance(value, datetime):
        value = value.astimezone(reader.zone).date()
    return _time(value, _day(value, reader))


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """`3 March 2026, 15:05 CET`, in the reader's zone and naming it."""
    reader = _reader(context)
    if value is None:
        return said(_("not yet"), reader.language)
    return _time(value, in_full(value, reader))


@pass_context
def relative(context: Context, value: datetime | None) -> str:
    """`2 minutes ago` or `in 3 days`, the full time on hovering; dates that are a week away as dates."""
    reader = _reader(context)
    if value is None:
        return said(_("not yet"), reader.language)
    apart = value - utc_now()
    if abs(apart) >= SOON:
        return day(context, value)
    return _time(value, _apart(apart, reader.language), in_full(value, reader))


@pass_context
def number(context: Context, value: float, digits: int = 0) -> str:
    """`12,345.6` with the reader's marks."""
    language = LANGUAGES[_reader(context).language]
    marks = {",": language.thousands, ".": language.decimal}
    return "".join(marks.get(sign, sign) for sign in f"{value:,.{digits}f}")


def in_full(value: datetime, reader: Reader) -> str:
    """`3 March 2026, 15:05 CET`."""
    there = value.astimezone(reader.zone)
    return f"{_day(there, reader)}, {there:%H:%M} {_zone(there)}"


def _day(value: date, reader: Reader) -> str:
    month = said(MONTHS[value.month - 1], reader.language)
    return said(_("{day} {month} {year}", day=value.day, month=month, year=value.year), reader.language)


def _zone(there: datetime) -> str:
    """`CET`; where a zone has no such name its distance, `UTC-03`."""
    name = there.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


def _apart(apart: timedelta, language: str) -> str:
    """A distance in one unit, rounded down as people do."""
    minutes = int(abs(apart).total_seconds() // 60)
    hours, days = minutes // 60, minutes // (60 * 24)
    ahead, many = apart > timedelta(), translations(language).ngettext
    if not minutes:
        return said(_("in a moment") if ahead else _("just now"), language)
    if days:
        text = (
            many("in {count} day", "in {count} days", days)
            if ahead
            else many("{count} day ago", "{count} days ago", days)
        )
    elif hours:
        text = (
            many("in {count} hour", "in {count} hours", hours)
            if ahead
            else many("{count} hour ago", "{count} hours ago", hours)
        )
    else:
        text = (
            many("in {count} minute", "in {count} minutes", minutes)
            if ahead
            else many("{count} minute ago", "{count} minutes ago", minutes)
        )
    return text.format(count=days or hours or minutes)


def _time(value: date, shown: str, title: str = "") -> Markup:
    """A `<time>`: people read its text, programs its attribute."""
    machine = value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value
    titled = Markup(' title="{}"').format(title) if title else Markup("")
    return Markup('<time datetime="{}"{}>{}</time>').format(machine, titled, shown)


def _reader(context: Context) -> Reader:
    reader: Any = context["request"].reader
    assert isinstance(reader, Reader)  # noqa: S101 - every page is rendered for a request
    return reader
