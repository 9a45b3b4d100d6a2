"""Row-level security holds for every table that personal columns come from, and for who reads it."""

from collections.abc import Iterator

from psycopg import Error, sql

from appguard.connectors.lint.database.reads import Read, reads_of
from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.database.sources import personal_tables
from appguard.connectors.lint.model import Fault, Operation
from appguard.connectors.lint.outputs import relation
from appguard.connectors.model import Query
from appguard.kernel.levels import DataClass


def check(query: Operation[Query], session: Session) -> Iterator[Fault]:
    """Tables and readers that row-level security does not bind, and rows shown to nobody in particular."""
    if query.declared.highest < DataClass.PERSONAL:
        return
    named = sorted({relation(table) for table in query.statement.relations})
    personal = personal_tables(query, reads_of(named, session))
    for name in named:
        about_persons = [read for read in reads_of([name], session) if read.relation in personal]
        for read in about_persons:
            yield from (query.fault(rule, message) for rule, message in _unbound(read))
        if about_persons:
            yield from _shown_to_nobody(query, name, session)


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
    for policy in read.open_policies:
        yield (
            "source-policy-open",
            f"the policy {policy} of {read.relation} shows every row to {read.reader}",
        )


def _shown_to_nobody(query: Operation[Query], name: str, session: Session) -> Iterator[Fault]:
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
