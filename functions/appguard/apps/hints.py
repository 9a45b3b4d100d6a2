"""What may stand at each key of a manifest, in words: read from the schema, so it is never out of date."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from appguard.apps.manifest import json_schema

_RANGES = (
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} of them"),
    ("maxItems", "at most {} of them"),
)
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys and values",
}


class Hint(NamedTuple):
    """One key, what it means, and what may stand there."""

    key: str
    meaning: str
    allowed: str


class Section(NamedTuple):
    """The keys of one part of the manifest."""

    title: str
    hints: tuple[Hint, ...]


@cache
def sections() -> tuple[Section, ...]:
    """Every part of the manifest, the whole first, then its parts in order of name."""
    schema: dict[str, Any] = json_schema()
    parts = {name: part for name, part in schema["$defs"].items() if "properties" in part}
    whole = Section("The whole file", _hints(schema, schema["$defs"]))
    return (whole, *(Section(_title(part), _hints(part, schema["$defs"])) for part in parts.values()))


def _title(part: dict[str, Any]) -> str:
    return str(part["description"].split("\n")[0]).rstrip(".")


def _hints(part: dict[str, Any], parts: dict[str, Any]) -> tuple[Hint, ...]:
    required = part.get("required", ())
    return tuple(
        Hint(
            key,
            value.get("description", ""),
            "; ".join((*_allowed(value, parts), *(["required"] if key in required else []))),
        )
        for key, value in part["properties"].items()
    )


def _allowed(value: dict[str, Any], parts: dict[str, Any]) -> Iterator[str]:
    """The words for one value's schema; what a reference adds is its list of values."""
    target = parts.get(value.get("$ref", "").rpartition("/")[2], {})
    options = [value, target, *value.get("anyOf", ())]
    values = [str(each) for option in options for each in (*option.get("enum", ()), option.get("const", ""))]
    if named := [each for each in values if each]:
        yield f"one of {', '.join(named)}" if len(named) > 1 else f"always {named[0]}"
    elif kind := next((_TYPES[option["type"]] for option in options if option.get("type") in _TYPES), ""):
        yield kind
    for word, phrase in _RANGES:
        if found := next((option[word] for option in options if word in option), None):
            yield phrase.format(found)
    default = value.get("default")
    if isinstance(default, str | int) and default != "":
        yield f"else {str(default).lower() if isinstance(default, bool) else default}"
