"""JSON as RFC 8259 means it: no NaN, no name twice, no depth to fall into."""

import json
from collections.abc import Callable
from typing import Any, Never

MAX_DEPTH = 32


def parse(content: bytes, number: Callable[[str], Any] = float) -> Any:
    """The value of a document in UTF-8; raises `ValueError` without a word of what it holds."""
    try:
        value = json.loads(
            content.decode(), object_pairs_hook=_unique, parse_constant=_refused, parse_float=number
        )
    except (ValueError, RecursionError):
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
    """Two values for one name would let a check see one and the database the other."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name appears twice")
    return members


def _refused(_constant: str) -> Never:
    raise ValueError("not a number of JSON")
