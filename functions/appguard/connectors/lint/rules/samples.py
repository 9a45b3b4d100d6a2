"""A recorded answer shows that an API has the declared columns, where the file says they stand.

`samples/<name>.json` beside the connector files holds one answer for each query. It is read as the broker
reads answers.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from appguard.apps.yaml_source import Document
from appguard.connectors.errors import SourceFailed
from appguard.connectors.kinds.http import HttpConnector, HttpQuery
from appguard.connectors.lint.model import Fault
from appguard.connectors.model import Connector
from appguard.connectors.sources.documents import rows

FOLDER = "samples"
RULE = "sample-differs"
MANY = 1000
_ANSWERS = TypeAdapter(dict[str, Any])


def check(connector: Connector, document: Document, path: Path) -> Iterator[Fault]:
    """What is wrong with the sample of an HTTP connector, or with the file that it contradicts."""
    file = sample_of(path)
    if not isinstance(connector, HttpConnector) or not file.exists():
        return
    try:
        answers = answers_in(file)
    except ValidationError:
        complaint = "it must be JSON that holds an answer for each query, by the query's name"
        yield Fault(RULE, f"{FOLDER}/{file.name}: {complaint}", document.mark(("name",))[0])
        return
    for name, answer in answers.items():
        query = connector.queries.get(name)
        complaint = _complaint(query, answer) if query else "the connector has no such query"
        if complaint:
            line = document.mark(("queries", name) if query else ("name",))[0]
            yield Fault(RULE, f"{FOLDER}/{file.name}: {name}: {complaint}", line)


def sample_of(path: Path) -> Path:
    """Where the sample of a connector file lies."""
    return path.parent / FOLDER / f"{path.stem}.json"


def answers_in(file: Path) -> dict[str, Any]:
    """Recorded answers by query; raises `pydantic.ValidationError`."""
    return _ANSWERS.validate_json(file.read_bytes())


def _complaint(query: HttpQuery, answer: Any) -> str:
    """Why an answer does not show what is declared; empty if it does."""
    try:
        found = rows(query, answer, MANY)
    except SourceFailed as error:
        return error.message
    if not found:
        return "the sample has no row, so it shows nothing"
    absent = [
        name
        for name, values in zip(query.result_columns, zip(*found, strict=True), strict=True)
        if all(value is None for value in values)
    ]
    return f"no row of the sample has {', '.join(absent)}" if absent else ""
