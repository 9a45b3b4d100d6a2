"""What a query gives: columns and rows, whoever answers it."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator


class Column(BaseModel):
    """A column of a result, and whether its values were masked for this reader."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    name: str
    label: str = ""
    class_: str = Field(default="internal", alias="class")
    type: str = "text"
    masked: bool = False


class Rows(BaseModel):
    """What a query gave."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    columns: tuple[Column, ...]
    rows: tuple[tuple[JsonValue, ...], ...]
    truncated: bool = False

    @model_validator(mode="after")
    def _rows_fit_columns(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has not as many values as there are columns")
        return self
