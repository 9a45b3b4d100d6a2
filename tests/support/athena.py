"""Athena as far as the broker uses it, over DuckDB: parameters are pasted into `EXECUTE`, as Athena does."""

from typing import Any

import duckdb


class FakeAthena:
    """Stands in for boto3's client. `asked` holds the requests as they came."""

    def __init__(self, *schema: str) -> None:
        self.database = duckdb.connect()
        for statement in schema:
            self.database.execute(statement)
        self.asked: list[dict[str, Any]] = []
        self.states: list[dict[str, str]] = []
        self.stopped: list[str] = []
        self.page_sizes: list[int] = []

    def start_query_execution(self, **request: Any) -> dict[str, str]:
        self.asked.append(request)
        given = request.get("ExecutionParameters", [])
        if any(not 1 <= len(text) <= 1024 for text in given):
            raise AssertionError("Athena takes 1 to 1,024 characters a parameter")
        return {"QueryExecutionId": str(len(self.asked))}

    def get_query_execution(self, QueryExecutionId: str) -> dict[str, Any]:  # noqa: N803 - boto3's words
        status = self.states.pop(0) if self.states else {"State": "SUCCEEDED"}
        return {"QueryExecution": {"Status": status}}

    def stop_query_execution(self, QueryExecutionId: str) -> None:  # noqa: N803
        self.stopped.append(QueryExecutionId)

    def get_query_results(self, QueryExecutionId: str) -> Any:  # noqa: N803
        found = self.database.execute(self.asked[int(QueryExecutionId) - 1]["QueryString"])
        about = [{"Name": name, "Type": athena_type(str(kind))} for name, kind, *_ in found.description or ()]
        return {"ResultSet": {"Rows": [], "ResultSetMetadata": {"ColumnInfo": about}}}

    def get_paginator(self, _name: str) -> "FakeAthena":
        return self

    def paginate(self, QueryExecutionId: str, PaginationConfig: dict[str, int]) -> Any:  # noqa: N803
        size = PaginationConfig["PageSize"]
        names, rows = self._run(self.asked[int(QueryExecutionId) - 1])
        lines = [names, *rows]
        for start in range(0, len(lines), size):
            self.page_sizes.append(size)
            cells = [
                {"Data": [{} if v is None else {"VarCharValue": text(v)} for v in line]}
                for line in lines[start : start + size]
            ]
            about = {"ColumnInfo": [{"Name": name} for name in names]}
            yield {"ResultSet": {"Rows": cells, "ResultSetMetadata": about}}

    def _run(self, request: dict[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
        given = request.get("ExecutionParameters", [])
        self.database.execute(f"PREPARE asked AS {request['QueryString']}")
        ask = f"EXECUTE asked({', '.join(given)})" if given else "EXECUTE asked"
        found = self.database.execute(ask)
        return [column[0] for column in found.description or ()], found.fetchall()


def text(value: Any) -> str:
    """A value as Athena writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def athena_type(kind: str) -> str:
    """The type of a column as Athena calls it; DuckDB writes DECIMAL(4,2)."""
    return {"VARCHAR": "varchar", "BIGINT": "bigint", "INTEGER": "integer"}.get(kind, kind.lower())
