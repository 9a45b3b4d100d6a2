"""Just enough of JSONata to see which words an expression uses and which parameter each part becomes."""

import re
from collections.abc import Iterator
from itertools import pairwise

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|`(?P<quoted>[^`]*)`"""
    r"""|(?P<word>\$?[A-Za-z_]\w*)|(?P<sign>[^\s\w])|(?P<number>\d[\d.]*)""",
    re.DOTALL,
)


def words_of(expression: str) -> set[str]:
    """The names an expression reads, texts and comments left out.

    >>> sorted(words_of('$join([first_name, " email "], email)'))
    ['$join', 'email', 'first_name']
    """
    tokens = _TOKEN.finditer(expression)
    return {word for token in tokens if (word := token["word"] or token["quoted"])}


def texts_of(expression: str) -> list[str]:
    """The texts written in an expression."""
    return [token["text"][1:-1] for token in _TOKEN.finditer(expression) if token["text"]]


def pairs(expression: str) -> list[tuple[str, str]]:
    """Parameter and expression of each pair of an object, however deep.

    >>> pairs('{"a": b & c, "d": $sum([e, f])}')
    [('a', ' b & c'), ('d', ' $sum([e, f])')]
    """
    return list(_pairs(expression))


def calls(expression: str, names: frozenset[str]) -> Iterator[str]:
    """The arguments of each call of one of these functions."""
    for token in _TOKEN.finditer(expression):
        if token["word"] in names and (opened := re.match(r"\s*\(", expression[token.end() :])):
            start = token.end() + opened.end()
            yield expression[start : _closing(expression, start)]


def _pairs(expression: str) -> Iterator[tuple[str, str]]:
    tokens = [token for token in _TOKEN.finditer(expression) if not token["comment"]]
    for token, following in pairwise(tokens):
        if token["text"] and following["sign"] == ":":
            yield (
                token["text"][1:-1],
                expression[following.end() : _closing(expression, following.end(), ",")],
            )


def _closing(expression: str, start: int, also: str = "") -> int:
    """Where the bracket around `start` closes, or the value there ends at a sign of `also`."""
    depth = 0
    for token in _TOKEN.finditer(expression, start):
        sign = token["sign"] or " "
        if depth == 0 and sign in ")]}" + also:
            return token.start()
        depth += (sign in "([{") - (sign in ")]}")
    return len(expression)
