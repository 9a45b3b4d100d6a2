"""Checking a submitted form on the server: text in, typed values or plain-spoken problems out."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from pydantic import JsonValue

from appguard.runtime import numerals
from appguard.runtime.numerals import Refused
from appguard.runtime.pages import (
    CheckboxField,
    ChoiceField,
    DateField,
    EmailField,
    FormField,
    FormPage,
    IntegerField,
    LongTextField,
    NumberField,
    TextField,
)
from appguard.runtime.words import day

TICKED = "yes"
LONGEST_EMAIL = 254
Submitted = Mapping[str, str]
FilledField = TextField | LongTextField | EmailField | IntegerField | NumberField | DateField | ChoiceField


@dataclass(frozen=True)
class Problem:
    """A field and what is wrong with it."""

    field: str
    message: str


@dataclass(frozen=True)
class Checked:
    """A submission after the check: either it has problems or its values can be used."""

    values: dict[str, JsonValue]
    problems: tuple[Problem, ...]

    @property
    def given(self) -> dict[str, JsonValue]:
        """What was filled in. To a mapping, an empty field is not there: `a & b` must not read `null`."""
        return {name: value for name, value in self.values.items() if value is not None}


def check(page: FormPage, submitted: Submitted) -> Checked:
    """Check a form page's submission. Names the form lacks are dropped."""
    return check_fields(page.fields, submitted)


def check_fields(fields: Sequence[FormField], submitted: Submitted) -> Checked:
    """Check every field, then what fields say about each other; problems come in the order of the fields."""
    values: dict[str, JsonValue] = {}
    problems: list[Problem] = []
    for field in fields:
        try:
            values[field.name] = value_of(field, submitted.get(field.name, ""))
        except Refused as refused:
            problems.append(Problem(field.name, str(refused)))
    problems += _out_of_order(fields, values)
    order = [field.name for field in fields]
    return Checked(values, tuple(sorted(problems, key=lambda problem: order.index(problem.field))))


def value_of(field: FormField, text: str) -> JsonValue:
    """The typed value of one field, None when it may be left empty and was; raises `Refused`."""
    clean = _clean(text, several_lines=isinstance(field, LongTextField))
    if isinstance(field, CheckboxField):
        if field.required and clean != TICKED:
            raise Refused(f"Tick “{field.label}” to go on")
        return clean == TICKED
    if not clean:
        if field.required:
            raise Refused(_please(field))
        return None
    return _typed(field, clean)


def _typed(field: FilledField, text: str) -> JsonValue:
    match field:
        case TextField() | LongTextField():
            return _text(field, text)
        case EmailField():
            return _email(field, text)
        case IntegerField() | NumberField():
            return numerals.numeric(field, text)
        case DateField():
            return _date(field, text)
        case ChoiceField():
            return _choice(field, text)
        case _:
            assert_never(field)


def _text(field: TextField | LongTextField, text: str) -> str:
    if len(text) > field.max_length:
        raise Refused(f"{field.label} must be {field.max_length} characters or fewer, not {len(text)}")
    if isinstance(field, TextField) and len(text) < field.min_length:
        raise Refused(f"{field.label} must be {field.min_length} characters or more")
    return text


def _email(field: EmailField, text: str) -> str:
    name, at, host = text.rpartition("@")
    plain = text.isascii() and not any(character.isspace() or character in '<>,;"()' for character in text)
    if not (
        plain and at and name and "@" not in name and "." in host.strip(".") and len(text) <= LONGEST_EMAIL
    ):
        raise Refused(f"{field.label} must be an e-mail address, like name@example.com")
    return text


def _date(field: DateField, text: str) -> str:
    try:
        value = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        raise Refused(f"{field.label} must be a real date, like 2026-12-24") from None
    if field.earliest and value < field.earliest:
        raise Refused(f"{field.label} must be {day(field.earliest)} or later")
    if field.latest and value > field.latest:
        raise Refused(f"{field.label} must be {day(field.latest)} or earlier")
    return value.isoformat()


def _choice(field: ChoiceField, text: str) -> str:
    if text not in field.choices:
        raise Refused(_please(field))
    return text


def _out_of_order(fields: Sequence[FormField], values: Mapping[str, JsonValue]) -> list[Problem]:
    """Dates that precede the date they may not precede."""
    labels = {field.name: field.label for field in fields}
    problems = []
    for field in fields:
        if isinstance(field, DateField) and field.not_before:
            this, other = values.get(field.name), values.get(field.not_before)
            if isinstance(this, str) and isinstance(other, str) and this < other:
                message = f"{field.label} must be the same as or after {labels[field.not_before]}"
                problems.append(Problem(field.name, message))
    return problems


def _please(field: FormField) -> str:
    """The request to fill in a field, in the verb of its kind."""
    verb = "Choose" if isinstance(field, ChoiceField) else "Enter"
    return f"{verb} {_in_sentence(field.label)}"


def _in_sentence(label: str) -> str:
    """`First day` → `first day`, but `IBAN` and `HR contact` stay."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _clean(text: str, *, several_lines: bool) -> str:
    """One normal form of what was typed: NFC, Unix line ends, no control or invisible characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "\n\t" if several_lines else ""
    spaces = "" if several_lines else "\n\t"
    text = "".join(" " if character in spaces else character for character in text)
    return "".join(c for c in text if c in kept or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
