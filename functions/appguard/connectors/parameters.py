"""Typed parameters of queries and commands: JSON in, values to bind out, never SQL text.

A parameter's value reaches a source as one value of its type and nothing else. There is no type for
identifiers, sort orders or fragments of SQL, and none may be added.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from appguard.kernel.errors import Invalid
from appguard.kernel.levels import DataClass

Bound = str | int | bool | date | Decimal | UUID | None
"""What may be bound to a placeholder."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Parameter(BaseModel):
    """What every type of parameter says about itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    label: str = Field(min_length=1, max_length=80)
    help: str = Field(default="", max_length=300)
    required: bool = True
    class_: DataClass = Field(default=DataClass.INTERNAL, alias="class")


class TextParameter(_Parameter):
    """A text of bounded length; `pattern` must match the whole of it."""

    type: Literal["text"]
    min_length: int = Field(default=1, ge=0, le=4000)
    max_length: int = Field(default=200, ge=1, le=4000)
    multiline: bool = False
    pattern: str | None = Field(default=None, max_length=200)

    def bind(self, raw: JsonValue) -> Bound:
        """The text in normal form C; refuses control and bidirectional override characters."""
        if not isinstance(raw, str):
            raise Invalid("must be a text")
        text = unicodedata.normalize("NFC", raw)
        if not self.min_length <= len(text) <= self.max_length:
            raise Invalid(f"must have {self.min_length} to {self.max_length} characters")
        if not all(self._printable(character) for character in text):
            raise Invalid("must not contain control characters")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise Invalid("does not have the expected form")
        return text

    def _printable(self, character: str) -> bool:
        """Whether one character is harmless to store, to show and to log."""
        if character in "\n\t":
            return self.multiline
        return (
            unicodedata.category(character) not in {"Cc", "Cs", "Co", "Zl", "Zp"} and character not in _BIDI
        )


class IntegerParameter(_Parameter):
    """A whole number between two bounds, both included."""

    type: Literal["integer"]
    minimum: int = Field(default=0, ge=-(2**31), lt=2**31)
    maximum: int = Field(default=2**31 - 1, ge=-(2**31), lt=2**31)

    def bind(self, raw: JsonValue) -> Bound:
        """The number; a JSON `true` or `1.0` is none."""
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise Invalid("must be a whole number")
        if not self.minimum <= raw <= self.maximum:
            raise Invalid(f"must lie between {self.minimum} and {self.maximum}")
        return raw


class NumberParameter(_Parameter):
    """A decimal number between two bounds, at most six places after the point."""

    type: Literal["number"]
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(10**9)

    def bind(self, raw: JsonValue) -> Bound:
        """The exact number, from a JSON number or from its text."""
        if isinstance(raw, bool) or not isinstance(raw, int | float | str) or not _NUMBER.fullmatch(str(raw)):
            raise Invalid("must be a number")
        number = Decimal(str(raw))
        if not self.minimum <= number <= self.maximum:
            raise Invalid(f"must lie between {self.minimum} and {self.maximum}")
        return number


class DateParameter(_Parameter):
    """A calendar date, written 2026-11-23."""

    type: Literal["date"]
    earliest: date = date(1900, 1, 1)
    latest: date = date(2199, 12, 31)

    def bind(self, raw: JsonValue) -> Bound:
        """The date; week dates, times and `infinity` are none."""
        if not isinstance(raw, str) or not _DATE.fullmatch(raw):
            raise Invalid("must be a date like 2026-11-23")
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            raise Invalid("must be a date that exists") from None
        if not self.earliest <= day <= self.latest:
            raise Invalid(f"must lie between {self.earliest} and {self.latest}")
        return day


class BooleanParameter(_Parameter):
    """Yes or no."""

    type: Literal["boolean"]

    def bind(self, raw: JsonValue) -> Bound:
        """`true` or `false`, and nothing that resembles them."""
        if not isinstance(raw, bool):
            raise Invalid("must be true or false")
        return raw


class ChoiceParameter(_Parameter):
    """One of the words listed here."""

    type: Literal["choice"]
    choices: tuple[str, ...] = Field(min_length=1, max_length=100)

    def bind(self, raw: JsonValue) -> Bound:
        """The word, if it is one of the list."""
        if not isinstance(raw, str) or raw not in self.choices:
            raise Invalid("must be one of " + ", ".join(self.choices))
        return raw


class UuidParameter(_Parameter):
    """The id of a row, as an earlier query returned it."""

    type: Literal["uuid"]

    def bind(self, raw: JsonValue) -> Bound:
        """The id, in its usual hyphenated form only."""
        if not isinstance(raw, str) or not _UUID.fullmatch(raw):
            raise Invalid("must be an id like 123e4567-e89b-12d3-a456-426614174000")
        return UUID(raw)


Parameter = Annotated[
    TextParameter
    | IntegerParameter
    | NumberParameter
    | DateParameter
    | BooleanParameter
    | ChoiceParameter
    | UuidParameter,
    Field(discriminator="type"),
]
