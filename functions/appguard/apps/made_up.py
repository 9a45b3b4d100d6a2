"""What the queries of an app would answer, with rows that belong to nobody."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from appguard.apps.manifest import Manifest
from appguard.connectors.model import Connector, Query
from appguard.connectors.synthetic import rows
from appguard.kernel.ids import ConnectorName

ROWS = 12
Given = Mapping[str, Sequence[Mapping[str, JsonValue]]]


def answers(
    manifest: Manifest, connectors: Mapping[ConnectorName, Connector], given: Given
) -> dict[str, dict[str, Any]]:
    """By `connector/query`, an answer in the broker's form: rows an example gives, or made-up ones."""
    found: dict[str, dict[str, Any]] = {}
    for use in manifest.connectors:
        connector = connectors.get(use.name)
        for name in use.queries:
            if connector and (query := connector.queries.get(name)):
                key = f"{use.name}/{name}"
                found[key] = answer(query, given.get(key))
    return found


def answer(query: Query, given: Sequence[Mapping[str, JsonValue]] | None = None) -> dict[str, Any]:
    """One answer; made-up rows are the same each time."""
    names = [column.name for column in query.columns]
    shown = (
        rows(query, ROWS, seed=1) if given is None else [[row.get(name) for name in names] for row in given]
    )
    columns = [
        {
            "name": column.name,
            "label": column.label,
            "class": column.class_.value,
            "type": column.type,
            "masked": column.mask is not None,
        }
        for column in query.columns
    ]
    return {"columns": columns, "rows": shown, "row_count": len(shown), "truncated": False}
