"""What may be given to a query's or command's parameters, in words, and the expression that means it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from appguard.apps.editing.mapping import pairs, written
from appguard.apps.editing.offers import THIS_YEAR, TODAY, Connectors, command_of, query_of
from appguard.connectors.parameters import (
    BooleanParameter,
    ChoiceParameter,
    DateParameter,
    IntegerParameter,
    NumberParameter,
    Parameter,
)
from appguard.kernel.levels import DataClass

NOTHING, FIXED, FORMULA = "", "fixed", "formula"
"""What one may choose beside the ready expressions."""
_YEAR = "$substring($today, 0, 4)"
_DAYS = (
    (TODAY, "Today"),
    ('$substring($today, 0, 8) & "01"', "First day of this month"),
    (f'{_YEAR} & "-01-01"', "First day of this year"),
    (f'{_YEAR} & "-12-31"', "Last day of this year"),
)
_YEARS = ((THIS_YEAR, "This year"), (f"{THIS_YEAR} - 1", "Last year"), (f"{THIS_YEAR} + 1", "Next year"))
_USER = (("$user.email", "E-mail of the person using the app"), ("$user.name", "Their name"))


class Given(NamedTuple):
    """One parameter, what it gets now, and what it could get: pairs of expression and words."""

    name: str
    label: str
    required: bool
    data_class: DataClass
    options: tuple[tuple[str, str], ...]
    expression: str
    chosen: str
    typed: str


def given(page: Mapping[str, Any], connectors: Connectors) -> list[Given] | None:
    """The parameters of what a page calls; None while that is unknown, or mapped by a formula or code."""
    called = call_of(page)
    operation = operation_of(page, connectors)
    if operation is None or "prepare" in called:
        return None
    now = now_given(page)
    if now is None or not now.keys() <= operation.parameters.keys():
        return None
    return [
        _given(name, parameter, now.get(name, ""), tuple(_ready(parameter, page)))
        for name, parameter in operation.parameters.items()
    ]


def now_given(page: Mapping[str, Any]) -> dict[str, str] | None:
    """Parameter and expression as they stand; without a mapping a form's fields keep their names."""
    mapping = call_of(page).get("mapping")
    if isinstance(mapping, str):
        return pairs(mapping)
    return {name: name for name, _ in _fields(page)} if page.get("type") == "form" else {}


def mapped(page: Mapping[str, Any], expressions: Mapping[str, str]) -> str | None:
    """The mapping that gives these; None where a form needs none because its fields bear the right names."""
    kept = {name: name for name, _ in _fields(page)} if page.get("type") == "form" else {}
    return None if dict(expressions) == kept else written(expressions)


def expression_of(parameter: Given, chosen: str, typed: str) -> str:
    """What somebody chose for a parameter, as an expression; empty for nothing."""
    if chosen == FORMULA:
        return typed.strip()
    if chosen != FIXED:
        return chosen
    number = typed.strip().lstrip("-").replace(".", "", 1).isdecimal()
    return typed.strip() if number and _takes_numbers(parameter) else json.dumps(typed.strip())


def call_of(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a page calls, as written: its `submit` or its `source`."""
    found = page.get(call_key(page))
    return found if isinstance(found, dict) else {}


def call_key(page: Mapping[str, Any]) -> str:
    """The key under which a page says what it calls."""
    return "submit" if page.get("type") == "form" else "source"


def operation_of(page: Mapping[str, Any], connectors: Connectors) -> Any:
    """The command or query a page calls, if there is one of that name."""
    called = call_of(page)
    if page.get("type") == "form":
        return command_of(connectors, called.get("connector"), called.get("command"))
    return query_of(connectors, called.get("connector"), called.get("query"))


def _given(name: str, parameter: Parameter, expression: str, ready: tuple[tuple[str, str], ...]) -> Given:
    chosen, typed = expression, ""
    if expression and expression not in dict(ready):
        chosen, typed = _typed(expression)
    numbers = isinstance(parameter, IntegerParameter | NumberParameter)
    nothing = () if parameter.required and expression else ((NOTHING, "Nothing"),)
    options = (*nothing, *ready, (FIXED, "Always the same number" if numbers else "Always the same text"))
    return Given(
        name=name,
        label=parameter.label,
        required=parameter.required,
        data_class=parameter.class_,
        options=(*options, (FORMULA, "A formula (JSONata)")),
        expression=expression,
        chosen=chosen,
        typed=typed,
    )


def _typed(expression: str) -> tuple[str, str]:
    """A text or number written out is fixed; everything else is a formula."""
    try:
        value = json.loads(expression)
    except ValueError:
        return FORMULA, expression
    is_fixed = isinstance(value, str | int | float) and not isinstance(value, bool)
    return (FIXED, str(value)) if is_fixed else (FORMULA, expression)


def _takes_numbers(parameter: Given) -> bool:
    return (FIXED, "Always the same number") in parameter.options


def _ready(parameter: Parameter, page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((name, f"Field: {label}") for name, label in _fields(page))
    match parameter:
        case DateParameter():
            yield from _DAYS
        case IntegerParameter() if parameter.minimum <= 2000 <= parameter.maximum:  # noqa: PLR2004 - a year
            yield from _YEARS
        case BooleanParameter():
            yield from (("true", "Yes"), ("false", "No"))
        case ChoiceParameter():
            yield from ((json.dumps(choice), f"Always “{choice}”") for choice in parameter.choices)
        case IntegerParameter() | NumberParameter():
            pass
        case _:
            yield from _USER


def _fields(page: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Name and label of the form's fields that have a name."""
    fields = page.get("fields")
    return [
        (field["name"], str(field.get("label") or field["name"]))
        for field in (fields if isinstance(fields, list) else ())
        if isinstance(field, dict) and isinstance(field.get("name"), str)
    ]
