"""What an app may ask for, in the words of those who answer for the data; and pages made of it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from appguard.apps.editing.mapping import written
from appguard.connectors.model import Column, Command, Connector, ConnectorState, Query
from appguard.connectors.parameters import (
    BooleanParameter,
    ChoiceParameter,
    DateParameter,
    IntegerParameter,
    NumberParameter,
    Parameter,
    TextParameter,
)
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass

Connectors = Mapping[ConnectorName, Connector]
LINE, TEXT, LABEL, UUID_LENGTH = 200, 5000, 80, 36
TODAY = "$today"
THIS_YEAR = "$number($substring($today, 0, 4))"


class Offer(NamedTuple):
    """A query or command one may build a page on; `value` names it in forms."""

    value: str
    title: str
    about: str
    highest: DataClass


class Offers(NamedTuple):
    """What one connector offers."""

    connector: str
    title: str
    about: str
    queries: tuple[Offer, ...]
    commands: tuple[Offer, ...]


def offers(connectors: Connectors) -> list[Offers]:
    """Everything of the approved connectors."""
    return [
        Offers(
            connector=name,
            title=one.title,
            about=one.description,
            queries=tuple(_offers(name, one.queries)),
            commands=tuple(_offers(name, one.commands)),
        )
        for name, one in connectors.items()
        if one.state is ConnectorState.APPROVED
    ]


def _offers(connector: str, operations: Mapping[str, Query] | Mapping[str, Command]) -> Iterator[Offer]:
    for name, one in operations.items():
        yield Offer(f"{connector}/{name}", one.title, one.description, one.highest)


def query_of(connectors: Connectors, connector: object, name: object) -> Query | None:
    """A query by the names a manifest gives, which may be anything."""
    found = connector_of(connectors, connector)
    return found.queries.get(name) if found and isinstance(name, str) else None


def command_of(connectors: Connectors, connector: object, name: object) -> Command | None:
    """A command by the names a manifest gives."""
    found = connector_of(connectors, connector)
    return found.commands.get(name) if found and isinstance(name, str) else None


def connector_of(connectors: Connectors, name: object) -> Connector | None:
    """A connector by the name a manifest gives."""
    return next((one for known, one in connectors.items() if known == name), None)


def table_page(page_id: str, connector: str, name: str, query: Query) -> dict[str, Any]:
    """A page that shows what `query` answers, all of it but special data."""
    return {
        "type": "table",
        "id": page_id,
        "title": query.title[:LABEL],
        "source": source(connector, name, query),
        "columns": [{"name": column.name} for column in shown_first(query)],
    }


def source(connector: str, name: str, query: Query) -> dict[str, Any]:
    """Where a table's rows come from, with what its parameters most likely are."""
    likely = {key: guess(parameter) for key, parameter in query.parameters.items() if parameter.required}
    call = {"connector": connector, "query": name}
    return {**call, "mapping": written(likely)} if likely else call


def shown_first(query: Query) -> tuple[Column, ...]:
    """The columns a new table shows: special data only where there is nothing else."""
    usual = tuple(column for column in query.columns if column.class_ < DataClass.SPECIAL)
    return usual or query.columns


def guess(parameter: Parameter) -> str:
    """What a query's parameter most likely is, as JSONata: now, or the first that it accepts."""
    match parameter:
        case DateParameter():
            return TODAY
        case IntegerParameter() if parameter.minimum <= 2000 <= parameter.maximum < 10_000:  # noqa: PLR2004 - a year
            return THIS_YEAR
        case IntegerParameter() | NumberParameter():
            return str(parameter.minimum)
        case BooleanParameter():
            return "false"
        case ChoiceParameter():
            return f'"{parameter.choices[0]}"'
        case _:
            return "$user.email"


def form_page(page_id: str, connector: str, name: str, command: Command) -> dict[str, Any]:
    """A page whose form sends `command`: one field for each parameter, so that no mapping is needed."""
    fields = [field_for(key, parameter) for key, parameter in command.parameters.items()]
    return {
        "type": "form",
        "id": page_id,
        "title": command.title[:LABEL],
        "fields": fields,
        "submit": {"connector": connector, "command": name},
        "success": "Thank you. Your entry was saved.",
    }


def field_for(name: str, parameter: Parameter) -> dict[str, Any]:
    """The field in which people enter a parameter, as narrow as the parameter is."""
    field: dict[str, Any] = {"name": name[:40], "type": "text", "label": parameter.label}
    if parameter.help:
        field["help"] = parameter.help
    if parameter.required and not isinstance(parameter, BooleanParameter):
        field["required"] = True
    return field | _narrowed(parameter)


def _narrowed(parameter: Parameter) -> dict[str, Any]:
    """Kind and limits of the field, where the parameter has some."""
    kind: dict[str, Any] = {"max_length": UUID_LENGTH}
    match parameter:
        case TextParameter() if parameter.multiline or parameter.max_length > LINE:
            kind = {"type": "long_text", "max_length": min(parameter.max_length, TEXT)}
        case TextParameter():
            kind = {"max_length": parameter.max_length}
        case DateParameter():
            kind = {"type": "date"}
        case IntegerParameter():
            kind = {"type": "integer", "minimum": parameter.minimum, "maximum": parameter.maximum}
        case NumberParameter():
            kind = {"type": "number", "minimum": int(parameter.minimum), "maximum": int(parameter.maximum)}
        case BooleanParameter():
            kind = {"type": "checkbox"}
        case ChoiceParameter():
            kind = {"type": "choice", "choices": list(parameter.choices)}
    return kind
