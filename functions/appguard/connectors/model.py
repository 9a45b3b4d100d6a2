"""What every connector file says, whatever its kind: columns with their classes, limits, who answers.

How a source is asked differs by kind: `kinds/<kind>.py` adds its own statement to `Query` and `Command`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from appguard.connectors.declared import Declared, Name
from appguard.connectors.parameters import Parameter
from appguard.connectors.rules import Exports, Limits, MinGroup
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass


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


class Column(Declared):
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


class Operation(Declared):
    """What queries and commands have in common."""

    title: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=1000)
    parameters: Mapping[Name, Parameter] = Field(default_factory=dict)


class Query(Operation):
    """A named question with a fixed shape of answer."""

    columns: tuple[Column, ...] = Field(min_length=1, max_length=64)
    user_in: tuple[Name, ...] = ()
    """Further result columns holding e-mail addresses, one of which must be the user's own in
    every row. The broker checks them, as a second line behind the source's own filter, and drops them."""
    app_in: tuple[Name, ...] = ()
    """Likewise of apps: one of these columns must hold the calling app's id in every row."""
    subjects: tuple[Name, ...] = ()
    """The result columns that name the persons a row is about; `subject_columns` says what holds without."""
    min_group: MinGroup | None = None
    exports: Exports = Exports()

    @property
    def classes(self) -> tuple[DataClass, ...]:
        """The classes of the columns an app receives, least sensitive first."""
        return tuple(sorted({column.class_ for column in self.columns}))

    @property
    def highest(self) -> DataClass:
        """The most sensitive class an app receives."""
        return self.classes[-1]

    @property
    def subject_columns(self) -> tuple[Name, ...]:
        """Whose persons the ledger will know: of personal rows at least the columns tied to the user."""
        speaks_of_somebody = self.highest >= DataClass.PERSONAL and not self.min_group
        return self.subjects or (self.user_in if speaks_of_somebody else ())

    @property
    def result_columns(self) -> tuple[Name, ...]:
        """Every column the source must return: those an app receives, then those only checked or recorded."""
        named = [*(column.name for column in self.columns), *self.user_in, *self.app_in]
        counted = [self.min_group.count] if self.min_group else []
        return (*named, *(name for name in dict.fromkeys((*counted, *self.subjects)) if name not in named))

    @model_validator(mode="after")
    def _shape_is_safe(self) -> Self:
        """Unique columns; personal data only where each row is the user's, or speaks of a group."""
        if len(set(self.result_columns)) != len(self.result_columns):
            raise ValueError("columns, user_in and app_in must have different names")
        if self.highest >= DataClass.PERSONAL and not (self.user_in or self.min_group):
            raise ValueError(
                "personal columns need user_in, the columns that tie each row to the user,"
                " or min_group, where each row speaks of a group"
            )
        return self


class Command(Operation):
    """A named change."""

    class_: DataClass = Field(alias="class")
    subjects: tuple[Name, ...] = ()
    """The parameters that name the persons the change is about; none: the user, if the class is personal."""

    @model_validator(mode="after")
    def _subjects_are_given(self) -> Self:
        if unknown := set(self.subjects) - {n for n, each in self.parameters.items() if each.required}:
            raise ValueError(f"subjects must be required parameters; {', '.join(sorted(unknown))} is not")
        return self

    @property
    def classes(self) -> tuple[DataClass, ...]:
        """The classes an app may write through this command, least sensitive first."""
        return tuple(sorted({self.class_, *(parameter.class_ for parameter in self.parameters.values())}))

    @property
    def highest(self) -> DataClass:
        """The most sensitive class an app may write."""
        return self.classes[-1]


class Connector(Declared):
    """An approved way to data: `policies/connectors/<name>.yaml`. Read one with `kinds.connector_of`."""

    name: ConnectorName
    title: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=1000)
    owner: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    state: ConnectorState
    kind: str
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
