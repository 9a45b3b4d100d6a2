"""The pages of a micro app: the part of the manifest that the running app understands."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from appguard.kernel.ids import ConnectorName

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
PageId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Mapping = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Part(BaseModel):
    """Base of everything written in a manifest: unknown keys are mistakes, not extensions."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Field(Part):
    """What every form field has."""

    name: Name = Field(description="Name of the value in mappings, e.g. `first_day`.")
    label: Label = Field(description="What the person filling in the form reads.")
    help: Text = Field(default="", description="One sentence under the field.")
    required: bool = Field(default=False, description="Whether the form can be sent without it.")


class TextField(_Field):
    """One line of text."""

    type: Literal["text"] = Field(description="One line of text.")
    min_length: int = Field(default=0, ge=0, le=200, description="Fewest characters accepted.")
    max_length: int = Field(default=200, ge=1, le=200, description="Most characters accepted.")


class LongTextField(_Field):
    """Several lines of text."""

    type: Literal["long_text"] = Field(description="Several lines of text.")
    max_length: int = Field(default=1000, ge=1, le=5000, description="Most characters accepted.")


class EmailField(_Field):
    """An e-mail address."""

    type: Literal["email"] = Field(description="An e-mail address.")


class IntegerField(_Field):
    """A whole number."""

    type: Literal["integer"] = Field(description="A whole number.")
    minimum: int | None = Field(default=None, description="Smallest number accepted.")
    maximum: int | None = Field(default=None, description="Largest number accepted.")


class NumberField(_Field):
    """A decimal number, e.g. an amount; at most two digits after the point unless `decimals` says so."""

    type: Literal["number"] = Field(description="A decimal number, e.g. an amount.")
    minimum: Decimal | None = Field(default=None, description="Smallest amount accepted.")
    maximum: Decimal | None = Field(default=None, description="Largest amount accepted.")
    decimals: int = Field(default=2, ge=0, le=6, description="Most digits after the point.")


class DateField(_Field):
    """A calendar day."""

    type: Literal["date"] = Field(description="A calendar day.")
    earliest: date | None = Field(default=None, description='First day accepted, e.g. "2026-01-01".')
    latest: date | None = Field(default=None, description="Last day accepted.")
    not_before: Name | None = Field(default=None, description="Another date field this one may not precede.")


class ChoiceField(_Field):
    """One of a fixed list."""

    type: Literal["choice"] = Field(description="One of a fixed list.")
    choices: tuple[Label, ...] = Field(
        min_length=1, max_length=100, description="What one may choose from, e.g. [annual, unpaid]."
    )


class CheckboxField(_Field):
    """Yes or no; `required` means it must be ticked."""

    type: Literal["checkbox"] = Field(description="Yes or no; with `required` it must be ticked.")


FormField = Annotated[
    TextField
    | LongTextField
    | EmailField
    | IntegerField
    | NumberField
    | DateField
    | ChoiceField
    | CheckboxField,
    Field(discriminator="type"),
]


PREPARE = "A function of logic.py that gives the parameters, in place of a mapping."


class CommandCall(Part):
    """What sending a form does: one command of one connector."""

    connector: ConnectorName = Field(description="A connector listed under `connectors`.")
    command: Name = Field(description="One of the commands listed for that connector.")
    mapping: Mapping | None = Field(
        default=None,
        description="JSONata from field values to the command's parameters; left out, names are kept.",
    )
    prepare: Name | None = Field(default=None, description=PREPARE)

    @model_validator(mode="after")
    def _prepared_one_way(self) -> Self:
        _one_of_both(self.mapping, self.prepare)
        return self


class QueryCall(Part):
    """Where a table's rows come from: one query of one connector."""

    connector: ConnectorName = Field(description="A connector listed under `connectors`.")
    query: Name = Field(description="One of the queries listed for that connector.")
    mapping: Mapping | None = Field(
        default=None, description="JSONata from `user` and `today` to the query's parameters."
    )
    prepare: Name | None = Field(default=None, description=PREPARE)

    @model_validator(mode="after")
    def _prepared_one_way(self) -> Self:
        _one_of_both(self.mapping, self.prepare)
        return self


def _one_of_both(mapping: str | None, prepare: str | None) -> None:
    if mapping is not None and prepare is not None:
        raise ValueError("give either mapping or prepare, not both")


class FormPage(Part):
    """A page with one form."""

    type: Literal["form"] = Field(description="A page with a form that sends one command.")
    id: PageId = Field(description="Short name of the page; part of its address.")
    title: Label = Field(description="Heading of the page and its name in the menu.")
    help: Text = Field(default="", description="One or two sentences under the heading.")
    fields: tuple[FormField, ...] = Field(
        min_length=1, max_length=100, description="What people fill in, in this order."
    )
    check: Name | None = Field(
        default=None,
        description="A function of logic.py that says what is wrong with the values, field by field.",
    )
    submit: CommandCall = Field(description="The command that sending the form runs.")
    success: Text = Field(
        default="Thank you. Your entry was saved.", description="What people read once it is sent."
    )

    @model_validator(mode="after")
    def _names_are_consistent(self) -> Self:
        names = [field.name for field in self.fields]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"field names must differ; used twice: {', '.join(twice)}")
        dates = {field.name for field in self.fields if isinstance(field, DateField)}
        for field in self.fields:
            if isinstance(field, DateField) and field.not_before and field.not_before not in dates:
                raise ValueError(f"not_before of {field.name} names no date field: {field.not_before}")
        return self


class TableColumn(Part):
    """A column of a table page; `name` is a column of the query."""

    name: Name = Field(description="A column of the query.")
    label: Label | None = Field(default=None, description="Heading; left out, the connector's label is used.")


class TablePage(Part):
    """A page with one table."""

    type: Literal["table"] = Field(description="A page that shows the rows of one query.")
    id: PageId = Field(description="Short name of the page; part of its address.")
    title: Label = Field(description="Heading of the page and its name in the menu.")
    help: Text = Field(default="", description="One or two sentences under the heading.")
    source: QueryCall = Field(description="The query whose rows the table shows.")
    columns: tuple[TableColumn, ...] = Field(
        min_length=1, max_length=50, description="Which of its columns, in this order."
    )
    export: bool = Field(default=False, description="Offer the rows as a file, as far as their class allows.")


Page = Annotated[FormPage | TablePage, Field(discriminator="type")]


def functions(page: Page) -> dict[str, str]:
    """The functions a page calls, by the key of the page that names them."""
    if isinstance(page, FormPage):
        named = {"check": page.check, "submit.prepare": page.submit.prepare}
    else:
        named = {"source.prepare": page.source.prepare}
    return {key: function for key, function in named.items() if function}
