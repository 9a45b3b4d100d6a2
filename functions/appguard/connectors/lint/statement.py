"""SQL of a connector file as tokens and tree, or a plain reason why it cannot be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sqlglot import exp
from sqlglot.dialects import Dialect, Postgres, Trino
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
from sqlglot.tokenizer_core import Token, TokenType

from appguard.connectors.kinds.sql import PLACEHOLDER

MAX_DEPTH = 40
"""Of parentheses and CASEs: some nestings cost the parser time that doubles with each."""

MAX_LEVELS = 200
"""Of the tree that comes out."""

POSTGRESQL: Dialect = Postgres()
ATHENA: Dialect = Trino()
"""Athena's queries are Trino's; what sqlglot calls Athena adds the statements that make tables."""

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.CASE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.END})


class Unreadable(Exception):
    """The SQL is not one SELECT that can be read; the message says why, `line` where."""

    def __init__(self, message: str, line: int = 1) -> None:
        """Say why, and on which line of the SQL."""
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Statement:
    """One SELECT, with names in the case the source gives them."""

    text: str
    tokens: tuple[Token, ...] = ()
    tree: exp.Query = field(default_factory=exp.Select)

    @cached_property
    def relations(self) -> tuple[exp.Table, ...]:
        """The relations it reads."""
        return tuple(tables(self.tree))


def read(sql: str, dialect: Dialect = POSTGRESQL) -> Statement:
    """The one SELECT that `sql` is; raises `Unreadable`.

    >>> read("SELECT day FROM desk_api.booking").tree.named_selects
    ['day']
    """
    try:
        tokens = dialect.tokenize(sql)
        _refuse(tokens)
        # Only PostgreSQL's parser knows %(name)s; the rules see the tokens as they were written.
        known = sql if dialect is POSTGRESQL else PLACEHOLDER.sub(r":\1", sql)
        [tree] = dialect.parser().parse(dialect.tokenize(known), known)
    except SqlglotError as error:
        raise Unreadable(*_reason(error)) from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise Unreadable("it is not a SELECT")
    _refuse_deep(tree)
    return Statement(sql, tuple(tokens), normalize_identifiers(tree, dialect=dialect))


def line_of(node: exp.Expr) -> int:
    """The line of the SQL on which a node stands."""
    return next((each.meta["line"] for each in node.walk() if "line" in each.meta), 1)


def tables(tree: exp.Expr) -> Iterator[exp.Table]:
    """The relations a tree reads: no common table expressions, no functions."""
    named = {each.alias for each in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier) and (table.db or table.name not in named):
            yield table


def is_system(schema: str) -> bool:
    """Whether a schema is the database's own."""
    return schema.startswith("pg_") or schema == "information_schema"


def _refuse(tokens: list[Token]) -> None:
    """Refuse before the parser sees it what it would answer with a guess or with minutes of work."""
    if not tokens or tokens[0].token_type not in {TokenType.SELECT, TokenType.WITH}:
        raise Unreadable("it does not start with SELECT")
    depth = 0
    for token in tokens:
        depth += (token.token_type in _OPENING) - (token.token_type in _CLOSING)
        if token.token_type is TokenType.SEMICOLON:
            raise Unreadable("it is more than one statement", token.line)
        if depth > MAX_DEPTH:
            raise Unreadable("it is nested too deeply", token.line)


def _refuse_deep(tree: exp.Expr) -> None:
    """Refuse long chains such as `a OR b OR c OR …`, which are deep trees."""
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > MAX_LEVELS:
            raise Unreadable("it chains too many operators", line_of(level[0]))
        level = [child for node in level for child in node.iter_expressions()]


def _reason(error: SqlglotError) -> tuple[str, int]:
    details = getattr(error, "errors", None) or [{}]
    first = details[0]
    near = f" near {first['highlight']!r:.40}" if first.get("highlight") else ""
    return f"it cannot be read as SQL{near}", first.get("line") or 1
