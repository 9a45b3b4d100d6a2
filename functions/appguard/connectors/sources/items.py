"""A declared query or command as a request to DynamoDB.

Expressions are put together from placeholders alone; names and values travel beside them.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from appguard.connectors.kinds.dynamodb import DynamoCommand, DynamoQuery
from appguard.connectors.kinds.values import Value
from appguard.connectors.parameters import Bound

Resolve = Callable[[Value], Bound]

_CONDITIONS = {
    "equals": "{0} = {1}",
    "begins_with": "begins_with({0}, {1})",
    "at_least": "{0} >= {1}",
    "at_most": "{0} <= {1}",
}


def asked(query: DynamoQuery, resolve: Resolve) -> dict[str, Any]:
    """The arguments of `Query`: key condition and the declared attributes, nothing else."""
    said = _Said()
    conditions = [said.condition("equals", query.partition.attribute, resolve(query.partition.equals))]
    if query.sort:
        limiting = {name: resolve(value) for name, value in query.sort.conditions.items()}
        given = {name: value for name, value in limiting.items() if value is not None}
        conditions += _of_sort(said, query.sort.attribute, given)
    shown = {query.attribute(column): None for column in query.result_columns}
    request = {
        "TableName": query.table,
        "KeyConditionExpression": " AND ".join(conditions),
        "ProjectionExpression": ", ".join(said.name(attribute) for attribute in shown),
        "ScanIndexForward": not query.newest_first,
        **said.arguments,
    }
    if query.index:
        return {**request, "IndexName": query.index}
    return {**request, "ConsistentRead": True}  # people see at once what they changed


def changed(command: DynamoCommand, resolve: Resolve) -> dict[str, Any]:
    """The arguments of `PutItem` for an item that is not there yet, or of `UpdateItem` for one that is."""
    said = _Said()
    key = _wired(command.key, resolve)
    present = said.name(next(iter(command.key)))
    if command.action == "create":
        item = key | _wired(command.set, resolve)
        unmet = f"attribute_not_exists({present})"
        return {"TableName": command.table, "Item": item, "ConditionExpression": unmet, **said.arguments}
    met = [f"attribute_exists({present})"]
    met += [said.condition("equals", name, resolve(value)) for name, value in command.only_if.items()]
    change = _assigned(said, {name: resolve(value) for name, value in command.set.items()})
    return {
        "TableName": command.table,
        "Key": key,
        "UpdateExpression": change,
        "ConditionExpression": " AND ".join(met),
        **said.arguments,
    }


def plain(attribute: Any) -> Any:
    """DynamoDB's own type as a value."""
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415

    return TypeDeserializer().deserialize(attribute)


class _Said:
    """Hands out placeholders and remembers what they stand for."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        return self._names.setdefault(attribute, f"#n{len(self._names)}")

    def value(self, value: Bound) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = _wire(value)
        return placeholder

    def condition(self, word: str, attribute: str, value: Bound) -> str:
        return _CONDITIONS[word].format(self.name(attribute), self.value(value))

    @property
    def arguments(self) -> dict[str, Any]:
        """What stands beside the expressions."""
        names = {placeholder: attribute for attribute, placeholder in self._names.items()}
        values = {"ExpressionAttributeValues": self._values} if self._values else {}
        return {"ExpressionAttributeNames": names, **values}


def _of_sort(said: _Said, attribute: str, given: Mapping[str, Bound]) -> list[str]:
    """The one condition DynamoDB takes on a sort key; both ends of a range are one."""
    if len(given) > 1:
        low, high = said.value(given["at_least"]), said.value(given["at_most"])
        return [f"{said.name(attribute)} BETWEEN {low} AND {high}"]
    return [said.condition(word, attribute, value) for word, value in given.items()]


def _assigned(said: _Said, values: Mapping[str, Bound]) -> str:
    """`SET` for what has a value, `REMOVE` for an optional parameter that was left out."""
    put = [f"{said.name(name)} = {said.value(value)}" for name, value in values.items() if value is not None]
    gone = [said.name(name) for name, value in values.items() if value is None]
    clauses = [("SET ", put), ("REMOVE ", gone)]
    return " ".join(verb + ", ".join(parts) for verb, parts in clauses if parts)


def _wired(values: Mapping[str, Value], resolve: Resolve) -> dict[str, Any]:
    """An item's attributes; absent values are not stored."""
    given = {name: resolve(value) for name, value in values.items()}
    return {name: _wire(value) for name, value in given.items() if value is not None}


def _wire(value: Bound) -> Any:
    """A value as DynamoDB's own type; days and ids are texts there."""
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 - only where a table is asked

    return TypeSerializer().serialize(str(value) if isinstance(value, date | UUID) else value)
