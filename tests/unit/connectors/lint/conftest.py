"""Connector files with one statement in them, and what the linter says."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from appguard.connectors.lint.file import ConnectorFile, read_file
from appguard.connectors.lint.findings import findings
from appguard.connectors.lint.rules import check
from appguard.kernel.finding import Finding

TEMPLATES = Path("policies/templates")
Write = Callable[..., ConnectorFile]
Lint = Callable[..., list[Finding]]

COLUMN = {"label": "L", "class": "internal"}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A file with one query, `asked`, unless `queries` or `commands` are given.

    `columns` are names, or names with what is said of them; `said` goes to the query, further words
    to the connector.
    """

    def build(
        sql: str = "SELECT day FROM desk_api.booking",
        columns: dict[str, dict[str, object]] | list[str] | None = None,
        user_in: tuple[str, ...] = (),
        parameters: dict[str, object] | None = None,
        said: dict[str, object] | None = None,
        **more: object,
    ) -> ConnectorFile:
        named = columns if isinstance(columns, dict) else {name: {} for name in columns or ["day"]}
        asked = {
            "title": "Asked",
            "sql": sql,
            "parameters": parameters or {},
            "columns": [{"name": name, **COLUMN, **words} for name, words in named.items()],
            "user_in": list(user_in),
            **(said or {}),
        }
        connector = {
            "name": "desk-db",
            "title": "Desks",
            "owner": "facilities@example.com",
            "state": "approved",
            "kind": "postgresql",
            "queries": {"asked": asked},
            **more,
        }
        path = tmp_path / "desk-db.yaml"
        path.write_text(json.dumps(connector, indent=2))
        return read_file(path)

    return build


@pytest.fixture
def lint(write: Write) -> Lint:
    """The findings about such a file."""

    def run(*words: object, templates: Path = TEMPLATES, **more: object) -> list[Finding]:
        file = write(*words, **more)
        return findings(file, [*file.faults, *check(file, templates)])

    return run


@pytest.fixture
def rules(lint: Lint) -> Callable[..., set[str]]:
    """The rules those findings name."""
    return lambda *words, **more: {finding.rule for finding in lint(*words, **more)}
