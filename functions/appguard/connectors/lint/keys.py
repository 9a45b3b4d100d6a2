"""Tables of DynamoDB have the keys a file asks by: their descriptions are read, no item is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from appguard.apps.yaml_source import Document
from appguard.connectors.kinds.dynamodb import DynamoConnector, DynamoQuery
from appguard.connectors.lint.model import Fault

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RULE = "source-key-differs"


@dataclass(frozen=True)
class Keyed:
    """A table or an index: the attributes of its key, and those it holds, unless it holds all."""

    partition: str
    sort: str | None
    holds: frozenset[str] | None = None

    @property
    def key(self) -> frozenset[str]:
        """Both parts of the key."""
        return frozenset(name for name in (self.partition, self.sort) if name)


def prove(connector: DynamoConnector, document: Document, client: "DynamoDBClient") -> Iterator[Fault]:
    """Tables and indexes that are not there, other keys, and attributes an index does not hold."""
    named = {query.table for query in connector.queries.values()}
    named |= {command.table for command in connector.commands.values()}
    tables = {table: _described(table, client) for table in sorted(named)}
    for name, query in connector.queries.items():
        line = document.mark(("queries", name, "table"))[0]
        for complaint in _of_query(query, tables[query.table]):
            yield Fault(RULE, f"{name}: {complaint}", line)
    for name, command in connector.commands.items():
        found = tables[command.table].get(None)
        if found is None or found.key != command.key.keys():
            has = f"has the key {', '.join(sorted(found.key))}" if found else "is not there"
            line = document.mark(("commands", name, "table"))[0]
            yield Fault(RULE, f"{name}: the table {command.table} {has}", line)


def _of_query(query: DynamoQuery, places: Mapping[str | None, Keyed]) -> Iterator[str]:
    what = f"the index {query.index}" if query.index else f"the table {query.table}"
    found = places.get(query.index)
    if found is None:
        yield f"{what} is not there"
        return
    if query.partition.attribute != found.partition:
        yield f"{what} is parted by {found.partition}, not by {query.partition.attribute}"
    if query.sort and query.sort.attribute != found.sort:
        yield f"{what} is sorted by {found.sort or 'nothing'}, not by {query.sort.attribute}"
    wanted = {query.attribute(column) for column in query.result_columns}
    if found.holds is not None and (absent := wanted - found.holds):
        yield f"{what} does not hold {', '.join(sorted(absent))}"


def _described(table: str, client: "DynamoDBClient") -> dict[str | None, Keyed]:
    """The table itself, as None, and its indexes; nothing if there is no such table."""
    try:
        found = client.describe_table(TableName=table)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return {}
    own = _keyed(found["KeySchema"])
    places: dict[str | None, Keyed] = {None: own}
    for index in (*found.get("GlobalSecondaryIndexes", ()), *found.get("LocalSecondaryIndexes", ())):
        keyed, projection = _keyed(index["KeySchema"]), index["Projection"]
        if projection["ProjectionType"] != "ALL":
            held = own.key | keyed.key | frozenset(projection.get("NonKeyAttributes", ()))
            keyed = replace(keyed, holds=held)
        places[index["IndexName"]] = keyed
    return places


def _keyed(schema: Iterable[Any]) -> Keyed:
    names = {part["KeyType"]: part["AttributeName"] for part in schema}
    return Keyed(names["HASH"], names.get("RANGE"))
