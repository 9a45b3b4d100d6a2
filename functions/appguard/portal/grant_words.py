"""What an app may touch, in sentences: titles of queries and commands, classes, and what is hidden."""

from collections.abc import Mapping
from typing import NamedTuple

from appguard.apps.model import Grants
from appguard.connectors.model import Connector
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass


class Touch(NamedTuple):
    """One thing an app may do: in words, of what class, and what it is called in files."""

    connector: str
    sentence: str
    data_class: DataClass | None
    name: str


def sentences(grants: Grants, connectors: Mapping[ConnectorName, Connector]) -> list[Touch]:
    """Everything granted, by connector; what a file does not know any more is named as it was granted."""
    found: list[Touch] = []
    for name, grant in sorted(grants.connectors.items()):
        connector = connectors.get(name)
        title = connector.title if connector else name
        for kind, verb, granted in (
            ("queries", "Reads", grant.queries),
            ("commands", "Changes", grant.commands),
        ):
            operations = getattr(connector, kind, {})
            for each in sorted(granted):
                known = operations.get(each)
                words = f"{verb}: {known.title}" if known else f"{verb}: {each}, which was withdrawn"
                found.append(Touch(title, words, known.highest if known else None, f"{name}/{each}"))
    return found
