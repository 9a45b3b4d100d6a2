"""PostgreSQL: a query selects from views, a command selects a function that makes the change."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from appguard.connectors.declared import Name
from appguard.connectors.kinds.sql import Selecting, Statement
from appguard.connectors.model import Command, Connector, Query


class PostgresQuery(Query, Selecting):
    """A SELECT; row-level security filters its rows by the user it is asked for."""


class PostgresCommand(Command, Statement):
    """A SELECT of a function of the source, which returns how many rows it changed."""

    refusals: Mapping[str, str] = Field(default_factory=dict)
    """What to tell the user for each SQLSTATE the function raises on purpose (its own text is dropped)."""


class PostgresConnector(Connector):
    """A database behind the login in the connector's secret."""

    kind: Literal["postgresql"]
    queries: Mapping[Name, PostgresQuery] = Field(default_factory=dict)
    commands: Mapping[Name, PostgresCommand] = Field(default_factory=dict)
