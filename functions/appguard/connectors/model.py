"""What a connector file says: an approved way to data, with its columns' classes and its limits."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from appguard.connectors.parameters import Parameter
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""Name of a query, a command, a column or a parameter."""

_PLACEHOLDER = re.compile(r"%\(([a-z][a-z0-9_]*)\)s")
_FORBIDDEN = re.compile(r";|--|/\*|\$\d|\bset_config\b|\bset\s+(local|session|role)\b", re.IGNORECASE)


class _Declared(BaseModel):
    """Base of everything read from a connector file: frozen, and unknown words are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ConnectorState(StrEnum):
    """Whether apps may use the connector."""

    APPROVED = "approved"
    RESTRICTED = "restricted"
    RETIRED = "retired"


class Mask(StrEnum):
    """What happens to a value before it leaves the broker."""

    PARTIAL = "partial"
    HASH = "hash"
    YEAR = "year"
    NULL = "null"


class Column(_Declared):
    """One column of a result: its class decides what may be done with it."""

    name: Name
    label: str = Field(min_length=1, max_length=80)
    class_: DataClass = Field(alias="class")
    type: Literal["text", "integer", "number", "date", "boolean"] = "text"
    mask: Mask | None = None
    sample: str | None = Field(default=None, max_length=200)
    """What synthetic values resemble: `person`, `email`, `iban`, … or `a|b|c` for a choice; of dates,
    `birth` or `later` than the row's other days."""

    @model_validator(mode="after")
    def _null_is_said_in_quotes(self) -> Self:
        """YAML reads a bare `null` as nothing at all: the mask would silently be none."""
        if "mask" in self.model_fields_set and self.mask is None:
            raise ValueError('write mask: "null" in quotes, or leave mask out')
        return self


class Limits(_Declared):
    """What one access may take at most."""

    rows: int = Field(default=500, ge=1, le=5000)
    bytes: int = Field(default=256 * 1024, ge=1024, le=4 * 1024 * 1024)
    timeout_ms: int = Field(default=2000, ge=50, le=20_000)


class _Statement(_Declared):
    """A single SQL statement whose placeholders are its declared parameters."""

    title: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=1000)
    sql: str = Field(min_length=1, max_length=8000)
    parameters: Mapping[Name, Parameter] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sql_is_one_closed_statement(self) -> Self:
        """Placeholders equal parameters; no second statement, comment or change of identity."""
        if found := _FORBIDDEN.search(self.sql):
            raise ValueError(f"sql must be one statement without comments or settings; it has {found[0]!r}")
        used = set(_PLACEHOLDER.findall(self.sql))
        if "%" in _PLACEHOLDER.sub("", self.sql):
            raise ValueError("sql may use % only in placeholders like %(name)s")
        if used != set(self.parameters):
            raise ValueError(f"placeholders {sorted(used)} differ from parameters {sorted(self.parameters)}")
        return self


class Query(_Statement):
    """A named question with a fixed shape of answer."""

    columns: tuple[Column, ...] = Field(min_length=1, max_length=64)
    user_in: tuple[Name, ...] = ()
    """Further result columns holding e-mail addresses, one of which must be the user's own in
    every row. The broker checks them, as a second line behind row-level security, and drops them."""

    @property
    def classes(self) -> tuple[DataClass, ...]:
        """The classes of the columns an app receives, least sensitive first."""
        return tuple(sorted({column.class_ for column in self.columns}))

    @property
    def highest(self) -> DataClass:
        """The most sensitive class an app receives."""
        return self.classes[-1]

    @model_validator(mode="after")
    def _shape_is_safe(self) -> Self:
        """Reads only; unique columns; personal data only where each row is checked against the user."""
        names = [*(column.name for column in self.columns), *self.user_in]
        if len(set(names)) != len(names):
            raise ValueError("columns and user_in must have different names")
        if not re.match(r"\s*select\b", self.sql, re.IGNORECASE):
            raise ValueError("the sql of a query must be a SELECT; use a command to write")
        if self.highest >= DataClass.PERSONAL and not self.user_in:
            raise ValueError("personal columns need user_in, the columns that tie each row to the user")
        return self


class Command(_Statement):
    """A named change. Its sql selects a function of the source that returns how many rows it changed."""

    class_: DataClass = Field(alias="class")
    refusals: Mapping[str, str] = Field(default_factory=dict)
    """What to tell the user for each SQLSTATE the function raises on purpose (its own text is dropped)."""

    @property
    def classes(self) -> tuple[DataClass, ...]:
        """The classes an app may write through this command, least sensitive first."""
        return tuple(sorted({self.class_, *(parameter.class_ for parameter in self.parameters.values())}))

    @property
    def highest(self) -> DataClass:
        """The most sensitive class an app may write."""
        return self.classes[-1]


class Connector(_Declared):
    """An approved way to data: `policies/connectors/<name>.yaml`."""

    name: ConnectorName
    title: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=1000)
    owner: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    state: ConnectorState
    kind: Literal["postgresql"]
    limits: Limits = Limits()
    queries: Mapping[Name, Query] = Field(default_factory=dict)
    commands: Mapping[Name, Command] = Field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether a granted app may still use it."""
        return self.state is not ConnectorState.RETIRED

    @property
    def secret(self) -> str:
        """Name of the secret with the broker's login to the source."""
        return f"appguard/connectors/{self.name}"
