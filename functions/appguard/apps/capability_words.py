"""Differences between two versions in sentences a business reviewer reads without a glossary."""

from collections.abc import Mapping

from appguard.apps.capabilities import ALL_ROWS, Capability, Kind
from appguard.apps.manifest import Audience

ONE_SIDED: Mapping[Kind, tuple[str, str]] = {
    Kind.CONNECTOR: ("It will now also use {title}.", "It will no longer use {title}."),
    Kind.QUERY: ("It will now also read {title}.", "It will no longer read {title}."),
    Kind.COLUMN: ("It will now also read {title}.", "It will no longer read {title}."),
    Kind.COMMAND: ("It may now also change data: {title}.", "It may no longer change data: {title}."),
    Kind.EGRESS: (
        "It will now send data to {subject}, outside the company.",
        "It will no longer send data to {subject}, outside the company.",
    ),
    Kind.PERMISSION: (
        "It now asks for the AWS permission {subject}.",
        "It no longer asks for the AWS permission {subject}.",
    ),
    Kind.DEPENDENCY: ("It now brings other people's code: {subject}.", "It no longer brings {subject}."),
    Kind.PAGE: ("It has a new page “{title}”.", "The page “{title}” is gone."),
    Kind.FIELD: ("It now asks people for {title}.", "It no longer asks people for {title}."),
    Kind.EXPORT: (
        "It now offers the rows of “{title}” as a file.",
        "It no longer offers the rows of “{title}” as a file.",
    ),
    Kind.HOOK: ("It now runs its own code {title}.", "It no longer runs its own code {title}."),
    Kind.CODE_BYTES: (
        "It now brings code of its own ({amount:,} bytes).",
        "It no longer brings code of its own.",
    ),
    Kind.CODE_LINES: (
        "It now brings {amount:,} lines of Python of its own.",
        "It no longer brings Python of its own.",
    ),
}
"""What is said when a thing is new, and when it is gone."""

AMOUNTS: Mapping[Kind, tuple[str, str]] = {
    Kind.MEMORY: ("memory", "MB"),
    Kind.TIMEOUT: ("time for each request", "seconds"),
    Kind.CONCURRENCY: ("capacity", "requests at once"),
    Kind.CODE_BYTES: ("code of its own", "bytes"),
    Kind.CODE_LINES: ("Python of its own", "lines"),
    Kind.RETIRE_AFTER: ("time before it must be renewed", "months"),
    Kind.IDLE_AFTER: ("time without use before it is switched off", "days"),
    Kind.RETENTION: ("time for which its evidence is kept", "years"),
}
"""What there can be more or less of, and in which unit it is counted."""

CIRCLES: Mapping[Audience, str] = {
    Audience.TEAM: "the owner's team",
    Audience.EMPLOYEES: "all employees",
    Audience.PARTNERS: "partner companies",
    Audience.PUBLIC: "anybody",
}


def told(was: Capability | None, now: Capability | None) -> str:
    """One sentence about what becomes of a capability: new, gone, more or less."""
    one = now or was
    if one is None:
        raise ValueError("there is nothing to tell")
    if one.kind is Kind.AUDIENCE:
        return _audience(was, now)
    if one.kind is Kind.DECLARED_CLASS:
        return _declared(was, now)
    if one.kind is Kind.ROWS:
        return _rows(one, now)
    if was and now:
        return _compared(was, now)
    if one.kind in ONE_SIDED:
        new, gone = ONE_SIDED[one.kind]
        sentence = new if now else gone
        filled = sentence.format(title=one.title or one.subject, subject=one.subject, amount=one.amount)
        return _with_class(filled, one)
    what, unit = AMOUNTS[one.kind]
    return f"It {'asks' if now else 'no longer asks'} for {what} ({one.amount:,} {unit})."


def _with_class(sentence: str, one: Capability) -> str:
    return f"{sentence.removesuffix('.')} ({one.data_class.value})." if one.data_class else sentence


def _audience(was: Capability | None, now: Capability | None) -> str:
    before, after = (CIRCLES[list(Audience)[each.amount]] if each else "nobody" for each in (was, now))
    return f"It is meant for {after}, before for {before}." if was else f"It is meant for {after}."


def _declared(was: Capability | None, now: Capability | None) -> str:
    before, after = (each.data_class.value if each and each.data_class else "no" for each in (was, now))
    return f"It declares {after} data, before {before}." if was else f"It declares {after} data."


def _rows(one: Capability, now: Capability | None) -> str:
    if now is None:
        return f"It no longer sees any rows of {one.title}."
    if now.amount >= ALL_ROWS:
        return f"It sees all rows of {one.title}, whoever uses it."
    return f"Of {one.title} it sees only rows that belong to the person using it."


def _compared(was: Capability, now: Capability) -> str:
    """The same thing, and more or less of it."""
    if now.kind is Kind.COLUMN and was.amount != now.amount:
        how = "in clear text, no longer masked" if now.amount else "masked, no longer in clear text"
        return _with_class(f"It reads {now.title} {how}.", now)
    if now.kind not in AMOUNTS:
        before, after = (each.data_class.value if each.data_class else "no" for each in (was, now))
        return f"What it does with {now.title or now.subject} now counts as {after} data, before as {before}."
    what, unit = AMOUNTS[now.kind]
    verb = "brings" if now.kind in {Kind.CODE_BYTES, Kind.CODE_LINES} else "asks for"
    return f"It {verb} {_times(was.amount, now.amount)} {what} ({was.amount:,} → {now.amount:,} {unit})."


def _times(before: int, after: int) -> str:
    """`twice the`, `3 times the`, `more` or `less`: the rough size of a change."""
    if before and after % before == 0 and after > before:
        return "twice the" if after == 2 * before else f"{after // before} times the"
    return "more" if after > before else "less"
