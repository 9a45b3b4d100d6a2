"""Made-up rows that answer what they are asked: of a preview, never of a running app."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from appguard.runtime.narrowing import Cells, Narrowing, days_moved
from appguard.runtime.rows import Rows


class Condition(BaseModel):
    """What a parameter says of a column."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    parameter: str
    column: str
    holds: Literal["equals", "at_least", "at_most", "in_year"]


class MadeUpRows(Rows):
    """More rows than are `shown`, so that some are left when parameters narrow them."""

    conditions: tuple[Condition, ...] = ()
    shown: int | None = Field(default=None, ge=1)

    def answering(self, given: Mapping[str, JsonValue]) -> Rows:
        """The rows that hold what the parameters ask for; where none does, they are changed until some do."""
        narrowings = self._narrowings(given)
        rows = _holding(self.rows, narrowings) or _holding(self._fitted(narrowings), narrowings)
        return Rows(columns=self.columns, rows=rows[: self.shown], truncated=self.truncated)

    def _narrowings(self, given: Mapping[str, JsonValue]) -> list[Narrowing]:
        places = {column.name: place for place, column in enumerate(self.columns)}
        return [
            Narrowing(places[each.column], each.holds, _comparable(given[each.parameter]))
            for each in self.conditions
            if each.column in places and given.get(each.parameter) is not None
        ]

    def _fitted(self, narrowings: Sequence[Narrowing]) -> tuple[Cells, ...]:
        days = [n for n, column in enumerate(self.columns) if column.type == "date" and not column.masked]
        rows = days_moved(self.rows, days, narrowings)
        for narrowing in narrowings:
            if narrowing.place not in days or narrowing.holds == "in_year":
                rows = tuple(narrowing.made_to_hold(row) for row in rows)
        return rows


def _holding(rows: Sequence[Cells], narrowings: Sequence[Narrowing]) -> tuple[Cells, ...]:
    return tuple(row for row in rows if all(each.holds_for(row) for each in narrowings))


def _comparable(given: JsonValue) -> JsonValue:
    """JSONata counts in floats: 2026.0 is the year 2026."""
    return int(given) if isinstance(given, float) and given.is_integer() else given
