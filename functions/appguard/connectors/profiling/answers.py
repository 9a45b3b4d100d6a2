"""What a query answers to everybody, gathered in a temporary table of the source that nobody else sees."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.model import Column
from appguard.connectors.profiling.widened import widened

MAX_PEOPLE = 1000
_TABLE = sql.SQL("pg_temp.appguard_answer")
_ANY = sql.SQL("true")


class Answers:
    """The gathered rows. Only counts of them are asked for, never a row."""

    def __init__(self, query: PostgresQuery, connection: Connection[tuple[Any, ...]]) -> None:
        """Rows are about those whom `subject_columns` name; of other queries, each row about its own."""
        self.query = query
        self._connection = connection
        named = query.subject_columns or query.user_in[:1]
        about = [sql.SQL("lower({}::text)").format(sql.Identifier(column)) for column in named]
        self._about: list[sql.Composable] = [*about] or [sql.SQL("ctid")]
        self.people = [sql.Identifier(f"appguard_person_{n}") for n, _ in enumerate(self._about)]
        """The columns of `answer` that number them."""

    def ask(self, question: sql.Composable, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of a question over `answer`, which has the people each row is about as numbers."""
        numbered = [
            sql.SQL("dense_rank() OVER (ORDER BY {}) AS {}").format(about, number)
            for about, number in zip(self._about, self.people, strict=True)
        ]
        whole = sql.SQL("WITH answer AS (SELECT *, {numbered} FROM {table}) ").format(
            numbered=sql.SQL(", ").join(numbered), table=_TABLE
        )
        return self._connection.execute(whole + question, values).fetchall()

    def counted(self, where: sql.Composable = _ANY) -> sql.Composable:
        """How many people these rows are about: the fewest that one of the columns names."""
        each = [sql.SQL("count(DISTINCT {}) FILTER (WHERE {})").format(one, where) for one in self.people]
        return sql.SQL("least({})").format(sql.SQL(", ").join(each))


@contextmanager
def gathered(
    query: PostgresQuery, people: str | None, connection: Connection[tuple[Any, ...]]
) -> Iterator[Answers]:
    """Ask the query for each of at most `MAX_PEOPLE` of the people; nothing of it stays."""
    select = sql.SQL("SELECT {asker}::int AS appguard_asker, answer.* FROM ({query}) AS answer")
    text = sql.SQL(widened(query))
    with connection.transaction(force_rollback=True):
        empty = select.format(asker=sql.Literal(0), query=text)
        connection.execute(sql.SQL("CREATE TEMP TABLE appguard_answer AS {} WITH NO DATA").format(empty))
        connection.execute("SET TRANSACTION READ ONLY")  # temporary tables excepted
        for number, email in enumerate(_askers(query, people, connection), start=1):
            connection.execute("SELECT set_config('appguard.user_email', %s, true)", (email,))
            rows = select.format(asker=sql.Literal(number), query=text)
            connection.execute(sql.SQL("INSERT INTO {} {}").format(_TABLE, rows))
        yield Answers(query, connection)


def _askers(
    query: PostgresQuery, people: str | None, connection: Connection[tuple[Any, ...]]
) -> Sequence[str]:
    """Whom to ask for; a query that belongs to nobody is asked once."""
    if not query.user_in or people is None:
        return [""]
    *relation, column = people.split(".")
    name = sql.Identifier(column)
    question = sql.SQL("SELECT DISTINCT lower({0}::text), md5({0}::text) FROM {1} ORDER BY 2 LIMIT {2}")
    found = connection.execute(question.format(name, sql.Identifier(*relation), sql.Literal(MAX_PEOPLE)))
    return [email for email, _ in found if email]


def expression(column: Column) -> sql.Composable:
    """The column's values as its declared type."""
    kind = {"integer": "numeric", "number": "numeric", "date": "date"}.get(column.type, "text")
    return sql.SQL("{}::{}").format(sql.Identifier(column.name), sql.SQL(kind))
