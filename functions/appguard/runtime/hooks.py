"""Where a page calls the app's own code: what the functions are given, and what becomes of what they give."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from appguard.runtime import mapping
from appguard.runtime.forms import Checked, Problem
from appguard.runtime.logic.errors import LogicFailed
from appguard.runtime.mapping import Scalar
from appguard.runtime.pages import DateField, FormPage, QueryCall

LONGEST_MESSAGE = 200
Words = Mapping[str, JsonValue]


Run = Callable[[str, Mapping[str, Any], list[str]], JsonValue]
"""Runs one function for the present request: its name, what it is given, and which values are dates."""


def no_code(function: str, _given: Mapping[str, Any], _dates: list[str]) -> JsonValue:
    """Where there is no code to run."""
    raise LogicFailed(f"The function {function} is not part of this app.")


def problems(page: FormPage, checked: Checked, words: Words, run: Run) -> tuple[Problem, ...]:
    """What the page's own check has against the values, in the order of the fields."""
    if not page.check:
        return ()
    found = run(page.check, {"values": checked.values, **words}, _dates(page))
    fields = [field.name for field in page.fields]
    said = list(_messages(page.check, found, fields))
    return tuple(sorted(said, key=lambda problem: fields.index(problem.field)))


def of_form(page: FormPage, checked: Checked, words: Words, run: Run) -> dict[str, Scalar]:
    """What a form sends: by its function, by its mapping, or its values as they are."""
    call = page.submit
    if call.prepare:
        return _prepared(call.prepare, run(call.prepare, {"values": checked.values, **words}, _dates(page)))
    return mapping.parameters(call.mapping, checked.given, **words)


def of_source(source: QueryCall, words: Words, run: Run) -> dict[str, Scalar]:
    """What a table's query is sent with: nothing, unless a function or mapping says so."""
    if source.prepare:
        return _prepared(source.prepare, run(source.prepare, words, []))
    return mapping.parameters(source.mapping, words, **words) if source.mapping else {}


def _prepared(function: str, found: JsonValue) -> dict[str, Scalar]:
    if flaw := mapping.flaw_of(found):
        raise LogicFailed(f"The function {function} of this app {flaw}.")
    return dict(found)  # type: ignore[arg-type]  # an object of single values, as was just seen


def _messages(function: str, found: JsonValue, fields: list[str]) -> Iterator[Problem]:
    if not isinstance(found, dict):
        raise LogicFailed(f"The function {function} of this app gives no mapping from fields to messages.")
    for name, message in found.items():
        if name not in fields:
            raise LogicFailed(f"The function {function} of this app speaks of a field this form lacks.")
        if not isinstance(message, str) or not message.strip() or len(message) > LONGEST_MESSAGE:
            raise LogicFailed(
                f"The function {function} of this app gives a message that is no text of "
                f"1 to {LONGEST_MESSAGE} characters."
            )
        yield Problem(name, message.strip())


def _dates(page: FormPage) -> list[str]:
    return [field.name for field in page.fields if isinstance(field, DateField)]
