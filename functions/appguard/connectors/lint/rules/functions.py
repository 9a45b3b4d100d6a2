"""Only functions known to calculate are called.

Calls are found among the tokens, as a name before a parenthesis: whatever the parser makes of a
statement, no call can hide from that. A text handed to `query_to_xml` is a query no parser sees.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from sqlglot.tokenizer_core import Token, TokenType

from appguard.connectors.kinds.athena import AthenaQuery
from appguard.connectors.kinds.postgresql import PostgresCommand
from appguard.connectors.lint.model import Examined, Fault, SqlOperation
from appguard.connectors.lint.statement import is_system

PURE = frozenset(
    """abs age avg bool_and bool_or btrim cast ceil ceiling char_length coalesce concat concat_ws count
    date_part date_trunc every extract floor greatest initcap isfinite least left length lower lpad ltrim
    make_date max min mod now nullif position replace right round rpad rtrim sign split_part starts_with
    strpos substr substring sum to_char to_date to_number translate trim trunc upper""".split()  # noqa: SIM905 - reads as what it is
)
"""Functions of pg_catalog that calculate from what they are given, or from the day. The search path is
empty, so a bare name can mean no other."""

TRINO = frozenset(
    """abs avg cast ceil ceiling coalesce concat count date date_add date_diff date_trunc day every extract
    floor greatest hour least length lower lpad ltrim max min mod month nullif position power quarter replace
    reverse round rpad rtrim sign split_part starts_with strpos substr substring sum trim truncate upper week
    year""".split()  # noqa: SIM905
)
"""Likewise of Athena. Aggregates that pick out single values, such as max_by and array_agg, are left out."""

_GRAMMAR = frozenset(
    """all and any as between by case distinct else except exists filter from group having ilike in
    intersect interval is join lateral like limit not offset on or over select some then union using values
    when where with""".split()  # noqa: SIM905
)
_WORD = re.compile(r"\w+")
_NAMES_A_TYPE = frozenset({TokenType.DCOLON, TokenType.ALIAS})


def check(operation: Examined[SqlOperation]) -> Iterator[Fault]:
    """Calls of anything that is not known to calculate; the one function a command is for is its own rule."""
    for name, token in _calls(operation.statement.tokens):
        if not _calculates(operation, name) and not _is_the_command(operation, name):
            yield operation.fault(
                "sql-function-unknown", f"it calls {name}, which is not known to calculate only", token.line
            )


def _calculates(operation: Examined[SqlOperation], name: str) -> bool:
    if isinstance(operation.declared, AthenaQuery):
        return name in TRINO
    return name.removeprefix("pg_catalog.") in PURE


def _is_the_command(operation: Examined[SqlOperation], name: str) -> bool:
    """Whether a function may be what a command is for: one with a schema, and not the system's."""
    schema, dot, _ = name.partition(".")
    return isinstance(operation.declared, PostgresCommand) and bool(dot) and not is_system(schema)


def _calls(tokens: tuple[Token, ...]) -> Iterator[tuple[str, Token]]:
    """Every name before a parenthesis that is no grammar and no type, qualified as it is written."""
    for index, (token, following) in enumerate(pairwise(tokens)):
        if following.token_type is not TokenType.L_PAREN or not _named(token):
            continue
        before = tokens[index - 1] if index else None
        if before and before.token_type is TokenType.DOT:
            yield f"{tokens[index - 2].text}.{token.text}".lower(), token
        elif not (before and before.token_type in _NAMES_A_TYPE):
            yield token.text.lower(), token


def _named(token: Token) -> bool:
    if token.token_type is TokenType.IDENTIFIER:
        return True
    return bool(_WORD.fullmatch(token.text)) and token.text.lower() not in _GRAMMAR
