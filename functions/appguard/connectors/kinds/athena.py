"""Athena: a query is one SELECT over tables on S3, run in a workgroup of the connector's own.

Athena knows no row-level security of ours: the statement itself must ask for the user's rows, by the
placeholder `%(appguard_user)s`, and the broker checks what comes back.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from appguard.connectors.declared import Declared, Name
from appguard.connectors.kinds.sql import Selecting, placeholders
from appguard.connectors.model import Command, Connector, Query
from appguard.connectors.parameters import ChoiceParameter, TextParameter

USER, APP = "appguard_user", "appguard_app"
MAX_TEXT = 500
"""Athena takes 1,024 characters a parameter: a text of quotes alone doubles, and stands between two more."""

CatalogName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,128}$")]
Bucket = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=./-]{0,500}$")]


class AthenaQuery(Query, Selecting):
    """A SELECT whose placeholders are its parameters, `%(appguard_user)s` and `%(appguard_app)s`."""

    identities: ClassVar = frozenset({USER, APP})

    @model_validator(mode="after")
    def _rows_are_asked_for_by_user(self) -> Self:
        """What ties rows to user or app is in the statement, and every value fits into a parameter."""
        if "?" in self.sql:
            raise ValueError("sql may not use ?; write placeholders like %(name)s")
        used = placeholders(self.sql)
        for columns, word in ((self.user_in, USER), (self.app_in, APP)):
            if columns and word not in used:
                raise ValueError(f"the statement must ask for these rows only, with %({word})s")
        for name, parameter in self.parameters.items():
            if isinstance(parameter, TextParameter) and parameter.max_length > MAX_TEXT:
                raise ValueError(f"the parameter {name} must have a max_length of at most {MAX_TEXT}")
            if isinstance(parameter, ChoiceParameter) and max(map(len, parameter.choices)) > MAX_TEXT:
                raise ValueError(f"the parameter {name} has a choice of more than {MAX_TEXT} characters")
        return self


class DataLocation(Declared):
    """Where the tables' objects lie: a bucket, and the beginning of their keys."""

    bucket: Bucket
    prefix: Prefix = ""


class AthenaConnector(Connector):
    """Tables of one database in the account's own data catalog; they are only read."""

    kind: Literal["athena"]
    database: CatalogName
    tables: tuple[CatalogName, ...] = Field(min_length=1, max_length=50)
    """What the broker's role may read, whatever a statement says."""
    data: tuple[DataLocation, ...] = Field(min_length=1, max_length=20)
    scan_bytes: int = Field(default=1_000_000_000, ge=10_000_000, le=1_000_000_000_000)
    """Athena ends a query that reads more than this from S3."""
    queries: Mapping[Name, AthenaQuery] = Field(default_factory=dict)
    commands: Mapping[Name, Command] = Field(default_factory=dict, max_length=0)

    @property
    def workgroup(self) -> str:
        """The workgroup, which sets where results lie and how much a query may read."""
        return f"appguard-{self.name}"
