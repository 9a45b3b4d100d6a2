"""What the queries of an app would answer, with rows that belong to nobody."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from appguard.apps.manifest import Manifest
from appguard.connectors.model import Connector
from appguard.connectors.profiles.published import profile_of
from appguard.connectors.synthetic.conditions import conditions_of
from appguard.connectors.synthetic.rows import rows, usual_count
from appguard.kernel.ids import ConnectorName

SEED = 1
SPARE = 60
"""Rows to choose from when parameters narrow them."""

Given = Mapping[str, Sequence[Mapping[str, JsonValue]]]


def answers(
    manifest: Manifest, connectors: Mapping[ConnectorName, Connector], given: Given
) -> dict[str, dict[str, Any]]:
    """By `connector/query`, an answer in the broker's form: rows an example gives, or made-up ones."""
    found: dict[str, dict[str, Any]] = {}
    for use in manifest.connectors:
        connector = connectors.get(use.name)
        for name in use.queries:
            if connector and name in connector.queries:
                key = f"{use.name}/{name}"
                found[key] = answer(connector, name, given.get(key))
    return found


def answer(
    connector: Connector, name: str, given: Sequence[Mapping[str, JsonValue]] | None = None
) -> dict[str, Any]:
    """One answer, the same each time; made-up rows come with what parameters say of them."""
    query = connector.queries[name]
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
    if given is not None:
        shown = [[row.get(column.name) for column in query.columns] for row in given]
        return {"columns": columns, "rows": shown, "row_count": len(shown), "truncated": False}
    profile = profile_of(connector, name)
    count = usual_count(profile, SEED)
    spare = rows(query, max(count, SPARE) if query.parameters else count, SEED, profile)
    return {
        "columns": columns,
        "rows": spare,
        "row_count": count,
        "truncated": False,
        "conditions": [condition._asdict() for condition in conditions_of(query)],
        "shown": count,
    }
