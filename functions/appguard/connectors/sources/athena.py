"""Athena as a source: start a query, wait for it within the time limit, read as many rows as are wanted."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from appguard.connectors.errors import ResultTooLarge, SourceFailed, SourceTimeout
from appguard.connectors.kinds.athena import APP, USER, AthenaConnector, AthenaQuery
from appguard.connectors.kinds.sql import PLACEHOLDER
from appguard.connectors.parameters import Bound
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.sources.aws import in_our_words
from appguard.connectors.sources.cells import typed
from appguard.connectors.sources.literals import literal

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient

PAUSES = (0.05, 0.1, 0.2, 0.4)
PAGE = 1000
_CUT_OFF = re.compile(r"bytes scanned limit was exceeded", re.IGNORECASE)


class AthenaSource:
    """Tables on S3, read through the connector's own workgroup."""

    def __init__(self, connector: AthenaConnector, client: "AthenaClient", key: Callable[[], bytes]) -> None:
        """Ask through `client`; `key` is that of digests and hash masks."""
        self._connector, self._client, self._key = connector, client, key

    @property
    def key(self) -> bytes:
        """The key of this source's digests and hash masks."""
        return self._key()

    def read(self, query: AthenaQuery, bound: Mapping[str, Bound], who: Identity, limits: Limits) -> Result:
        """The rows of the query. One that takes too long is stopped, so that it costs no more."""
        statement, literals = stated(query, {**bound, USER: who.email, APP: who.app_id})
        given: Any = {"ExecutionParameters": literals} if literals else {}
        with in_our_words():
            started = self._client.start_query_execution(
                QueryString=statement,
                QueryExecutionContext={"Database": self._connector.database, "Catalog": "AwsDataCatalog"},
                WorkGroup=self._connector.workgroup,
                **given,
            )["QueryExecutionId"]
            self._wait(started, limits.timeout_ms / 1000)
            return self._result(query, started, limits.rows + 1)

    def write(self, _command: object, _bound: object, _who: object, _limits: object) -> NoReturn:
        """No file declares a command of this kind."""
        raise SourceFailed("this source is only read")

    def _wait(self, started: str, seconds: float) -> None:
        ends = time.monotonic() + seconds
        for pause in _pauses():
            status = self._client.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                return
            if status["State"] in {"FAILED", "CANCELLED"}:
                raise _failure(status.get("StateChangeReason", ""))
            if time.monotonic() + pause > ends:
                self._client.stop_query_execution(QueryExecutionId=started)
                raise SourceTimeout("the source took too long")
            time.sleep(pause)

    def _result(self, query: AthenaQuery, started: str, wanted: int) -> Result:
        """Page by page; the first row repeats the columns' names, and is one of a page's thousand."""
        pages = self._client.get_paginator("get_query_results").paginate(
            QueryExecutionId=started, PaginationConfig={"PageSize": min(wanted + 1, PAGE)}
        )
        rows: list[tuple[Any, ...]] = []
        names: tuple[str, ...] = ()
        for page in pages:
            texts = page["ResultSet"]["Rows"]
            if not names:
                names = tuple(
                    column["Name"] for column in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
                )
                if sorted(names) != sorted(query.result_columns):
                    raise SourceFailed("the source's columns are not those of the connector file")
                texts = texts[1:]
            rows += [_row(query, names, text["Data"]) for text in texts[: wanted - len(rows)]]
            if len(rows) >= wanted:
                break
        return Result(query.result_columns, rows)


def stated(query: AthenaQuery, values: Mapping[str, Bound]) -> tuple[str, list[str]]:
    """The statement with a `?` for each placeholder, and the literals that stand for them in their order."""
    names = PLACEHOLDER.findall(query.sql)
    return PLACEHOLDER.sub("?", query.sql), [literal(values[name]) for name in names]


def _row(query: AthenaQuery, names: tuple[str, ...], cells: Any) -> tuple[Any, ...]:
    """A row of texts as typed values; NULL is a cell without a text."""
    texts = [cell.get("VarCharValue") for cell in cells]
    return typed(query, dict(zip(names, texts, strict=True)))


def _pauses() -> Iterator[float]:
    """Short ones first: most queries are done within a second or two."""
    yield from PAUSES
    while True:
        yield PAUSES[-1]


def _failure(reason: str) -> SourceFailed | ResultTooLarge:
    """Athena's reason may quote data and is dropped; that too much was read is worth knowing."""
    if _CUT_OFF.search(reason):
        return ResultTooLarge("the query would read more data than its connector allows")
    return SourceFailed("the source refused the statement")
