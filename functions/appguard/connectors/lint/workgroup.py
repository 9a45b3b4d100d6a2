"""Athena answers each statement with the columns the file declares: asked through the connector's workgroup.

Every placeholder stands for NULL and no row is wanted, so nothing is scanned and nobody's data is read.
"""

import time
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import TYPE_CHECKING

from appguard.connectors.kinds.athena import AthenaConnector, AthenaQuery
from appguard.connectors.kinds.sql import PLACEHOLDER
from appguard.connectors.lint.model import Examined, Fault

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient

PAUSE, PATIENCE = 0.2, 30.0
_NULLS = {"integer": "bigint", "number": "decimal(38, 6)", "date": "date", "boolean": "boolean"}
_WHOLE = frozenset({"tinyint", "smallint", "integer", "int", "bigint"})
_TYPES: Mapping[str, frozenset[str]] = {
    "text": frozenset({"varchar", "char", "string"}),
    "integer": _WHOLE,
    "number": _WHOLE | {"decimal", "double", "float", "real"},
    "date": frozenset({"date", "timestamp"}),
    "boolean": frozenset({"boolean"}),
}
"""Athena's types that leave the broker as the declared one."""


class Refused(Exception):
    """Athena will not run the statement, and says why."""


def prove(
    queries: tuple[Examined[AthenaQuery], ...], connector: AthenaConnector, client: "AthenaClient"
) -> Iterator[Fault]:
    """Statements Athena refuses, other columns than declared, and other types."""
    for query in queries:
        try:
            answered = _described(query.declared, connector, client)
        except Refused as error:
            yield query.fault("source-refuses", f"Athena refuses it: {error}")
            continue
        yield from _differences(query, answered)


def described_by(query: AthenaQuery) -> str:
    """The statement that tells the query's columns and reads no row.

    >>> described_by(AthenaQuery.model_construct(sql="SELECT a FROM t WHERE b = %(c)s", parameters={}))
    'SELECT * FROM (SELECT a FROM t WHERE b = CAST(NULL AS varchar)) LIMIT 0'
    """
    types = {name: _NULLS.get(parameter.type, "varchar") for name, parameter in query.parameters.items()}
    sql = PLACEHOLDER.sub(lambda found: f"CAST(NULL AS {types.get(found[1], 'varchar')})", query.sql)
    return f"SELECT * FROM ({sql.strip()}) LIMIT 0"  # noqa: S608 - the SQL of an approved file


def _differences(query: Examined[AthenaQuery], answered: Mapping[str, str]) -> Iterator[Fault]:
    names, declared = list(answered), list(query.declared.result_columns)
    if names != declared:
        message = f"Athena answers with {', '.join(names)}; declared are {', '.join(declared)}"
        yield query.fault("source-columns-differ", message)
        return
    expected = {column.name: column.type for column in query.declared.columns}
    if query.declared.min_group:
        expected[query.declared.min_group.count] = "integer"
    for index, (name, type_) in enumerate(answered.items()):
        wanted = expected.get(name, "text")  # what ties rows to user or app is a text
        if type_ not in _TYPES[wanted]:
            message = f"{name} should be {wanted}, but Athena answers with {type_}"
            yield query.fault_in("source-type-differs", message, "columns", index)


def _described(query: AthenaQuery, connector: AthenaConnector, client: "AthenaClient") -> dict[str, str]:
    """The type of each column of the answer; raises `Refused`."""
    started = client.start_query_execution(
        QueryString=described_by(query),
        QueryExecutionContext={"Database": connector.database, "Catalog": "AwsDataCatalog"},
        WorkGroup=connector.workgroup,
    )["QueryExecutionId"]
    _wait(started, client)
    about = client.get_query_results(QueryExecutionId=started)["ResultSet"]["ResultSetMetadata"]
    return {column["Name"]: column["Type"].partition("(")[0] for column in about["ColumnInfo"]}


def _wait(started: str, client: "AthenaClient") -> None:
    ends = time.monotonic() + PATIENCE
    for pause in repeat(PAUSE):
        status = client.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return
        if status["State"] in {"FAILED", "CANCELLED"}:
            raise Refused(status.get("StateChangeReason", "it says no reason"))
        if time.monotonic() > ends:
            client.stop_query_execution(QueryExecutionId=started)
            raise Refused(f"there was no answer within {PATIENCE:.0f} seconds")
        time.sleep(pause)
