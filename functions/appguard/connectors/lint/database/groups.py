"""Views that count persons leave small groups out, and a minimum is declared where something counts.

Which rows are about persons the database says itself: those of tables with row-level security.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from sqlglot import exp

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.lint.database.reads import Read, reads_of
from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.model import Examined, Fault
from appguard.connectors.lint.outputs import relation
from appguard.connectors.lint.rules.groups import small_groups
from appguard.connectors.lint.rules.groups_made import COMPLAINT, RULE, makes_groups, relies_on_groups
from appguard.connectors.lint.statement import Unreadable, tables


def check(query: Examined[PostgresQuery], session: Session) -> Iterator[Fault]:
    """Aggregates in the views below a query that belongs to no user, over tables with row-level security."""
    if query.declared.user_in:
        return
    reads = reads_of([relation(table) for table in query.statement.relations], session)
    if relies_on_groups(query.declared) and not _somebody_counts(query, reads):
        yield query.fault_in(RULE, COMPLAINT, "min_group")
    secured = {read.relation for read in reads if read.secured}
    for view in reads:
        try:
            selects = view.definition_read.find_all(exp.Select) if view.is_view else ()
        except Unreadable as error:
            yield query.fault("group-too-small", f"the view {view.relation} cannot be judged: {error}")
            continue
        for select in selects:
            about = {relation(table) for table in tables(select)} & secured
            if about and (complaint := small_groups(select, query.declared.min_group)):
                yield query.fault("group-too-small", f"the view {view.relation}: {complaint}")


def _somebody_counts(query: Examined[PostgresQuery], reads: Sequence[Read]) -> bool:
    """Whether the query or a view below it makes groups; a view that cannot be read has its own finding."""
    if makes_groups(query.statement.tree):
        return True
    for view in (read for read in reads if read.is_view):
        with suppress(Unreadable):
            if makes_groups(view.definition_read):
                return True
    return False
