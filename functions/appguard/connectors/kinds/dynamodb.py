"""DynamoDB: a query reads one partition of a table or index, a command creates or updates one item.

There is no scan, no filter and no expression in a file: keys, attributes and where their values come from.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from appguard.connectors.declared import Declared, Name
from appguard.connectors.kinds.values import Value, all_used, always_there, bound_to_user
from appguard.connectors.model import Command, Connector, Query

Attribute = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,254}$")]
"""Name of an attribute at the top of an item."""

Table = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{3,255}$")]
"""Name of a table or an index, in the broker's account and region."""


class PartitionKey(Declared):
    """The partition that is read."""

    attribute: Attribute
    equals: Value


class SortKey(Declared):
    """Which part of the partition: one value, a beginning, or a range. Conditions left out do not limit."""

    attribute: Attribute
    equals: Value | None = None
    begins_with: Value | None = None
    at_least: Value | None = None
    at_most: Value | None = None

    @property
    def conditions(self) -> dict[str, Value]:
        """The conditions by name."""
        named = {name: getattr(self, name) for name in ("equals", "begins_with", "at_least", "at_most")}
        return {name: value for name, value in named.items() if value is not None}

    @model_validator(mode="after")
    def _one_condition_or_a_range(self) -> Self:
        """DynamoDB takes a single condition; a range is one."""
        if len(self.conditions) != 1 and set(self.conditions) != {"at_least", "at_most"}:
            raise ValueError("a sort key takes equals, begins_with, or at_least and at_most")
        return self


class DynamoQuery(Query):
    """The items of one partition, in the order of their sort key."""

    table: Table
    index: Table | None = None
    partition: PartitionKey
    sort: SortKey | None = None
    newest_first: bool = False
    attributes: Mapping[Name, Attribute] = Field(default_factory=dict)
    """The attribute of each column whose name differs."""

    def attribute(self, column: Name) -> str:
        """The attribute that holds a column's value."""
        return self.attributes.get(column, column)

    @model_validator(mode="after")
    def _parameters_have_their_place(self) -> Self:
        """Every parameter is used, the partition's is always there, attributes belong to columns."""
        of_sort = self.sort.conditions.values() if self.sort else ()
        all_used(self, [self.partition.equals, *of_sort])
        always_there(self, [self.partition.equals])
        if strangers := set(self.attributes) - set(self.result_columns):
            raise ValueError(f"attributes of no column: {sorted(strangers)}")
        return self


class DynamoCommand(Command):
    """One item created, which must not be there yet, or updated, which must."""

    table: Table
    action: Literal["create", "update"]
    key: Mapping[Attribute, Value] = Field(min_length=1, max_length=2)
    set: Mapping[Attribute, Value] = Field(min_length=1, max_length=50)
    only_if: Mapping[Attribute, Value] = Field(default_factory=dict, max_length=10)
    """What an item to update must hold already."""
    refusal: str | None = Field(default=None, max_length=200)
    """What to tell the user when the item is there already, or is not as it must be."""

    @model_validator(mode="after")
    def _what_changes_is_said_once(self) -> Self:
        """Keys do not change, conditions are for updates, and personal items are the user's own."""
        if self.key.keys() & self.set.keys():
            raise ValueError("an attribute of the key cannot be set")
        if self.action == "create" and self.only_if:
            raise ValueError("only_if is for updates; an item to create must not be there yet")
        all_used(self, [*self.key.values(), *self.set.values(), *self.only_if.values()])
        always_there(self, [*self.key.values(), *self.only_if.values()])
        guards, where = (
            (self.set, "key or set") if self.action == "create" else (self.only_if, "key or only_if")
        )
        bound_to_user(self.highest, [*self.key.values(), *guards.values()], where)
        return self


class DynamoConnector(Connector):
    """Tables of the broker's own account, which its role reaches by name."""

    kind: Literal["dynamodb"]
    queries: Mapping[Name, DynamoQuery] = Field(default_factory=dict)
    commands: Mapping[Name, DynamoCommand] = Field(default_factory=dict)
