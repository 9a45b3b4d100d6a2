"""A column that is called like personal data is declared as such, whatever the kind of its source."""

from collections.abc import Iterator

from appguard.apps.yaml_source import Document
from appguard.connectors.lint.model import Fault
from appguard.connectors.model import Connector
from appguard.gates.data.words import looks_personal
from appguard.kernel.levels import DataClass


def check(connector: Connector, document: Document) -> Iterator[Fault]:
    """Names that say more than their class."""
    for name, query in connector.queries.items():
        for index, column in enumerate(query.columns):
            if looks_personal(column.name) and column.class_ < DataClass.PERSONAL:
                line = document.mark(("queries", name, "columns", index))[0]
                message = f"{name}: {column.name} is {column.class_}, though it is called like personal data"
                yield Fault("class-doubtful", message, line)
