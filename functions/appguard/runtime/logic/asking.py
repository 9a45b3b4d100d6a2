"""What an app's own code may ask of the broker: reads only, of what was granted, so many a request."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from appguard.kernel.ids import ConnectorName
from appguard.runtime.pages import Name, QueryCall
from appguard.runtime.refusal import NOT_GRANTED, BrokerRefused, Refusal
from appguard.runtime.rows import Rows

MOST = 10
Query = Callable[[QueryCall, Mapping[str, JsonValue]], Rows]
UNREADABLE = Refusal(code="invalid", message="The query's names or parameters are not what a query takes.")
TOO_MANY = Refusal(code="too_many_queries", message=f"One request may ask {MOST} queries at most.")


class Read(BaseModel):
    """One query of one connector, as it was granted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    connector: ConnectorName
    query: Name


class _Asked(Read):
    """What comes from the code."""

    parameters: dict[str, str | int | float | bool | None] = Field(max_length=50)


class Asking:
    """The queries of one request, counted. Whoever makes them has the rights; the code has none."""

    def __init__(self, granted: Collection[Read], query: Query) -> None:
        """Allow what is `granted`, and have `query` do it."""
        self._granted = frozenset((read.connector, read.query) for read in granted)
        self._query = query
        self._left = MOST
        self.refused: BrokerRefused | None = None

    def __call__(self, said: object) -> dict[str, Any]:
        """The rows, or why not. Raises what no code needs to know: nobody answers, a sign-in has ended."""
        try:
            asked = _Asked.model_validate(said)
        except ValidationError:
            return self._no(BrokerRefused(400, UNREADABLE))
        if self._left == 0:
            return self._no(BrokerRefused(429, TOO_MANY))
        self._left -= 1
        if (asked.connector, asked.query) not in self._granted:
            return self._no(BrokerRefused(403, NOT_GRANTED))
        call = QueryCall(connector=asked.connector, query=asked.query)
        try:
            rows = self._query(call, asked.parameters)
        except BrokerRefused as refused:
            if refused.unauthenticated:
                raise
            return self._no(refused)
        return {"columns": [[column.name, column.type] for column in rows.columns], "rows": rows.rows}

    def _no(self, refused: BrokerRefused) -> dict[str, Any]:
        self.refused = refused
        return {"refused": {"code": refused.refusal.code, "message": refused.refusal.message}}
