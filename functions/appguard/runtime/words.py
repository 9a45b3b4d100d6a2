"""How values read on a page."""

from datetime import date, datetime

from pydantic import JsonValue

NOTHING = "\N{EN DASH}"


def day(value: date) -> str:
    """`2026-12-24` as `24 December 2026`."""
    return f"{value.day} {value:%B %Y}"


def cell(value: JsonValue) -> str:
    """A value of a result as text: dates written out, yes and no, a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return _date_words(value)
    return str(value)


def is_number(value: JsonValue) -> bool:
    """Whether a value reads as a number, to be set flush right."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _date_words(text: str) -> str:
    """ISO dates and times written out; any other text as it is."""
    if not (len(text) >= len("2026-12-24") and text[4:5] == "-" and text[:4].isdigit()):
        return text
    try:
        if len(text) == len("2026-12-24"):
            return day(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{day(moment)}, {moment:%H:%M}"
