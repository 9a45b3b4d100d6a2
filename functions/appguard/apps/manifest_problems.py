"""Validation errors in the requester's words: where, what, and what was probably meant."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from appguard.apps.yaml_path import dotted
from appguard.apps.yaml_source import Document, Path, Problem

MAX_PROBLEMS = 50


def explain(error: ValidationError, document: Document, schema: dict[str, JsonValue]) -> list[Problem]:
    """One problem per pydantic error, sorted by position; at most `MAX_PROBLEMS`."""
    known = sorted(set(_property_names(schema)))
    details = [each for each in error.errors(include_url=False) if not _only_an_echo(each, document)]
    problems = (_problem(detail, document, known) for detail in details[:MAX_PROBLEMS])
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _only_an_echo(detail: ErrorDetails, document: Document) -> bool:
    """Pydantic counts a list's valid items: a list of one wrong item is reported as too short as well."""
    if detail["type"] != "too_short":
        return False
    value = document.value
    for step in _path_in(document.value, detail["loc"]):
        value = value[step]
    return isinstance(value, list) and len(value) >= detail["ctx"]["min_length"]


def _problem(detail: ErrorDetails, document: Document, known: list[str]) -> Problem:
    path = _path_in(document.value, detail["loc"])
    line, column = document.mark(path)
    message, suggestion = _words(detail, path, known)
    return Problem(dotted(path), line, column, message, suggestion)


def _words(detail: ErrorDetails, path: Path, known: list[str]) -> tuple[str, str]:
    name = str(path[-1]) if path else "the manifest"
    match detail["type"]:
        case "missing":
            return f"{name} is missing", f"Add {name}."
        case "extra_forbidden":
            close = get_close_matches(name, known, n=1)
            return f"{name} is not a key here", f"Did you mean {close[0]}?" if close else "Remove it."
        case "literal_error" | "enum" | "union_tag_invalid":
            context = detail.get("ctx", {})
            allowed = str(context.get("expected") or context.get("expected_tags"))
            return f"{name} is not one of the allowed values", f"Use {allowed}."
        case "value_error":
            return str(detail.get("ctx", {}).get("error", detail["msg"])), ""
        case _:
            return f"{name}: {detail['msg'][0].lower()}{detail['msg'][1:]}", ""


def _path_in(value: Any, location: tuple[int | str, ...]) -> Path:
    """Pydantic's location without the tags of unions, which are no keys of the document."""
    path: list[int | str] = []
    for position, step in enumerate(location):
        last = position == len(location) - 1
        if _holds(value, step):
            value = value[step]
        elif not last or not isinstance(value, dict):
            continue
        path.append(step)
    return tuple(path)


def _holds(value: Any, step: int | str) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _dotted(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _property_names(schema: JsonValue) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for part in schema.values():
            yield from _property_names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _property_names(part)
