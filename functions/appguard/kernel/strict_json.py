"""JSON as RFC 8259 means it: no NaN, no name twice, no depth to fall into."""

import json
from collections.abc import Callable
from typing import Any, Never

MAX_DEPTH = 32


def parse(content: bytes, number: Callable[[str], Any] = float) -> Any:
    """The value of a document in UTF-8; raises `ValueError` that names the fault and no content."""
    try:
        value = json.loads(
            content.decode(), object_pairs_hook=_unique, parse_constant=_refused, parse_float=number
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ValueError("not JSON") from None
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ValueError("too deep")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values for one name a check would see one, and who acts on it the other."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return members


def _refused(_constant: str) -> Never:
    raise ValueError("it holds what is no number of JSON")
