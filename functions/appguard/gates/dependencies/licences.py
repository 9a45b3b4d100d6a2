"""What an SPDX licence expression means to us: of a choice the best, of a combination the worst."""

from enum import IntEnum
from functools import cache
from typing import Any

from appguard.gates.dependencies.rules import Licences

MAX_EXPRESSION = 500


class Verdict(IntEnum):
    """How a licence stands, best first."""

    ALLOWED = 0
    UNLISTED = 1
    DENIED = 2


def judge(expression: str | None, rules: Licences) -> Verdict:
    """The verdict on an expression; none, or one that is not SPDX, is unlisted.

    >>> judge("MIT OR GPL-3.0-only", Licences(allowed={"MIT"}, denied={"GPL-3.0-only"})).name
    'ALLOWED'
    """
    from license_expression import ExpressionError, ParseError  # noqa: PLC0415 - with its table of licences

    if not expression or len(expression) > MAX_EXPRESSION:
        return Verdict.UNLISTED
    try:
        parsed = _spdx().parse(expression, validate=True)
    except (ExpressionError, ParseError, RecursionError):
        return Verdict.UNLISTED
    return _verdict(parsed, rules)


def _verdict(part: Any, rules: Licences) -> Verdict:
    spdx = _spdx()
    if isinstance(part, spdx.OR):
        return min(_verdict(one, rules) for one in part.args)
    if isinstance(part, spdx.AND):
        return max(_verdict(one, rules) for one in part.args)
    name = part.render("{symbol.key}")
    if name in rules.allowed:
        return Verdict.ALLOWED
    return Verdict.DENIED if name in rules.denied else Verdict.UNLISTED


@cache
def _spdx() -> Any:
    from license_expression import get_spdx_licensing  # noqa: PLC0415 - takes 60 ms

    return get_spdx_licensing()
