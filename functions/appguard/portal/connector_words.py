"""What a connector gives, asks for, hides and filters, in sentences."""

from collections.abc import Iterator, Mapping

from appguard.connectors.exports.leaving import needs_exception
from appguard.connectors.model import Column, Command, ConnectorState, Mask, Operation, Query
from appguard.kernel.phrase import Phrase as _
from appguard.portal.words import Words

STATES: Mapping[ConnectorState, Words] = {
    ConnectorState.APPROVED: Words(_("Open"), _("Any app may ask for it; the review decides."), "good"),
    ConnectorState.RESTRICTED: Words(
        _("Restricted"), _("Its owner has not opened it to apps: ask before you build."), "warn"
    ),
    ConnectorState.RETIRED: Words(_("Retired"), _("No app gets it any more."), "bad"),
}
KINDS: Mapping[str, str] = {
    "postgresql": _("a PostgreSQL database"),
    "dynamodb": _("a DynamoDB table"),
    "athena": _("a data lake, asked through Athena"),
    "http": _("an HTTP API"),
}
MASKS: Mapping[Mask, str] = {
    Mask.PARTIAL: _("only its beginning is shown"),
    Mask.HASH: _("a code stands in its place"),
    Mask.YEAR: _("only the year is shown"),
    Mask.NULL: _("it is left empty"),
}


def mask(column: Column) -> str:
    """What is shown of a column in place of its value; empty where all of it is."""
    return MASKS[column.mask] if column.mask else ""


def rules(query: Query) -> Iterator[str]:
    """Which rows leave, and how."""
    if query.user_in:
        yield _("Each user gets only rows that are tied to them, by {columns}.", columns=_and(query.user_in))
    if query.app_in:
        yield _("Each app gets only its own rows, by {columns}.", columns=_and(query.app_in))
    if query.min_group:
        yield _("Rows that speak of fewer than {count} people are left out.", count=query.min_group.size)
    if not (query.user_in or query.app_in or query.min_group):
        yield _("Every user of an app gets the same rows.")
    yield _leaving(query)


def _leaving(query: Query) -> str:
    formats = ", ".join(query.exports.formats)
    if not formats:
        return _("Never leaves as a file.")
    if needs_exception(query):
        return _("Leaves as a file ({formats}) only while an exception for the app says so.", formats=formats)
    return _("May leave as a file: {formats}.", formats=formats)


def parameters(operation: Operation) -> Iterator[str]:
    """What has to be given, by label: of what type, and whether it may be left out."""
    for each in operation.parameters.values():
        choices = getattr(each, "choices", ())
        kind = f"one of {', '.join(map(str, choices))}" if choices else each.type
        yield f"{each.label} ({kind}{'' if each.required else ', may be left out'})"


def about(command: Command) -> str:
    """Whom a change is about."""
    return f"About the people named by {_and(command.subjects)}." if command.subjects else ""


def _and(names: tuple[str, ...]) -> str:
    return " or ".join(name.replace("_", " ") for name in names)
