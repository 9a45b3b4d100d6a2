"""Mappings as pairs: which parameter gets what. Only the plain `{"name": expression, …}` is taken apart."""

import json
import re
from collections.abc import Iterator, Mapping

_PAIR = re.compile(r'\s*"([a-z][a-z0-9_]{0,62})"\s*:\s*(\S.*?)\s*', re.DOTALL)
_OPENS, _CLOSES, _QUOTES = "([{", ")]}", "\"'`"
SHORT = 88
"""What fits a line."""


def pairs(expression: str) -> dict[str, str] | None:
    """Parameter and expression, as written; None for a mapping that is more than a list of them.

    >>> pairs('{"year": $number($substring($today, 0, 4)), "kind": "annual"}')
    {'year': '$number($substring($today, 0, 4))', 'kind': '"annual"'}
    >>> pairs('a ~> $merge') is None
    True
    """
    text = expression.strip()
    # A slash may begin a pattern or a comment, within which no bracket counts.
    if not (text.startswith("{") and text.endswith("}")) or "/" in text:
        return None
    parts = list(_split(text[1:-1]))
    if parts == [""]:
        return {}
    found = [_PAIR.fullmatch(part) for part in parts]
    named = {match[1]: match[2] for match in found if match}
    return named if len(named) == len(parts) else None


def written(pairs: Mapping[str, str]) -> str:
    """The mapping of these pairs, on one line if it fits."""
    said = [f"{json.dumps(name)}: {expression}" for name, expression in pairs.items()]
    short = f"{{{', '.join(said)}}}"
    return short if len(short) <= SHORT else "{\n  " + ",\n  ".join(said) + "\n}"


def _split(text: str) -> Iterator[str]:
    """At the commas in no bracket and no quotes; an empty part, which is no pair, where these are uneven."""
    depth, quote, start, position = 0, "", 0, 0
    while position < len(text):
        char = text[position]
        if quote:
            position += char == "\\"
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        elif char in _OPENS:
            depth += 1
        elif char in _CLOSES:
            depth -= 1
            if depth < 0:
                break
        elif char == "," and not depth:
            yield text[start:position].strip()
            start = position + 1
        position += 1
    yield text[start:].strip() if not (quote or depth) else ""
