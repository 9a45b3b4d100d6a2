"""Made-up rows of a query.

The same query, count and seed give the same rows, so that a preview does not flicker and a test can
name its expectations. Rows follow the query's profile where its owner has published one.
"""

import random
from datetime import date, timedelta

from pydantic import JsonValue

from appguard.connectors.masks import shape_of
from appguard.connectors.model import Query
from appguard.connectors.profiles.fitting import UNKNOWN, FittingProfile
from appguard.connectors.synthetic.drawing import drawn
from appguard.connectors.synthetic.subjects import subject_of
from appguard.connectors.synthetic.values import Row, value

_FIRST_DAY = date(2026, 1, 5)
_DAYS = 330


def rows(
    query: Query, n: int | None = None, seed: int = 0, profile: FittingProfile = UNKNOWN
) -> list[list[JsonValue]]:
    """`n` rows with a cell for each column of `query`, masked as real ones would be.

    Without `n`, as many as one person usually sees.

    >>> from appguard.connectors.registry import registry
    >>> len(rows(registry()["hr-db"].queries["team_calendar"], n=3))
    3
    """
    shapes = [shape_of(column, b"synthetic") for column in query.columns]
    count = usual_count(profile, seed) if n is None else n
    return [
        [shape(cell) for shape, cell in zip(shapes, _raw(query, profile, index, seed), strict=True)]
        for index in range(count)
    ]


def usual_count(profile: FittingProfile, seed: int, otherwise: int = 12) -> int:
    """How many rows somebody sees who sees any."""
    if not profile.rows_per_person:
        return otherwise
    dice = random.Random(f"{seed}/rows")  # noqa: S311 - examples, no secrets
    return max(1, int(drawn(profile.rows_per_person, dice)))


def _raw(query: Query, profile: FittingProfile, index: int, seed: int) -> list[object]:
    """One row before masking. Cells are drawn by column, so that adding one leaves the others alone."""
    offset = random.Random(f"{seed}/day/{index}").randrange(_DAYS)  # noqa: S311 - examples
    row = Row(index, seed, subject_of(query, index, seed), _FIRST_DAY + timedelta(days=offset))
    cells: list[object] = []
    for column in query.columns:
        cell = value(column, row, profile.of(column.name))
        if column.type == "date" and column.sample is None and isinstance(cell, date):
            row.day = cell
        elif query.min_group and column.name == query.min_group.count and isinstance(cell, int):
            cell = max(cell, query.min_group.size)
        cells.append(cell)
    return cells
