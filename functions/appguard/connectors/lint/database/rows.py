"""Row-level security holds for the tables that rows of persons come from, and for who reads them."""

from collections.abc import Iterator

from psycopg import Error, sql

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.lint.database.reads import Read, reads_of
from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.database.sources import tables_behind
from appguard.connectors.lint.model import Examined, Fault
from appguard.connectors.lint.outputs import relation
from appguard.gates.data.words import looks_personal
from appguard.kernel.levels import DataClass


def check(query: Examined[PostgresQuery], session: Session) -> Iterator[Fault]:
    """Tables and readers that row-level security does not bind, and rows shown to nobody in particular."""
    if not query.declared.user_in:
        return  # its rows speak of groups or of nobody
    named = sorted({relation(table) for table in query.statement.relations})
    reads = reads_of(named, session)
    personal = {column.name for column in query.declared.columns if column.class_ >= DataClass.PERSONAL}
    ties = tables_behind(query.declared.user_in, query, reads)
    lending = tables_behind(personal, query, reads) - ties
    for read in reads:
        if read.relation in ties or (read.relation in lending and _about_persons(read, ties)):
            yield from (query.fault(rule, message) for rule, message in _unbound(read))
        elif read.relation in lending and not read.secured:
            message = f"{read.relation} lends personal columns, but has no row-level security"
            yield query.fault("source-row-security-unclear", message)
    for name in named:
        if ties & {read.relation for read in reads_of([name], session)}:
            yield from _shown_to_nobody(query, name, session)


def _about_persons(read: Read, ties: frozenset[str]) -> bool:
    """Whether a table's rows belong to persons, as its keys and the names of its columns tell."""
    return bool(ties & set(read.references)) or any(map(looks_personal, read.columns))


def _unbound(read: Read) -> Iterator[tuple[str, str]]:
    if not read.can_be_secured:
        yield (
            "source-row-security-off",
            f"{read.relation} is no table, so its rows cannot be filtered by user",
        )
    elif not read.secured:
        yield "source-row-security-off", f"row-level security is off for {read.relation}"
    elif not read.forced:
        yield "source-row-security-off", f"row-level security of {read.relation} is not forced on its owner"
    if read.reader_bypasses:
        yield "source-reader-bypasses", f"{read.relation} is read as {read.reader}, which no row filter binds"
        return
    for policy in read.open_policies:
        yield (
            "source-policy-open",
            f"the policy {policy} of {read.relation} shows every row to {read.reader}",
        )


def _shown_to_nobody(query: Examined[PostgresQuery], name: str, session: Session) -> Iterator[Fault]:
    """Without an identity nobody is anybody: the source says that there is no row, and says no more."""
    schema, _, view = name.partition(".")
    question = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, view))
    try:
        [(any_row,)] = session.ask(question)
    except Error as error:
        message = f"{name} could not be tried without a user: {error.diag.message_primary}"
        yield query.fault("source-rows-unproven", message)
    else:
        if any_row:
            yield query.fault("source-rows-without-user", f"{name} has rows although no user is named")
