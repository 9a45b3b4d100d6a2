"""What a query's file holds, as the person is told who may let it leave."""

from appguard.connectors.model import Query
from appguard.kernel.levels import DataClass


def leaving(query: Query) -> tuple[str, ...]:
    """Each column with its class and mask.

    >>> leaving(registry()["hr-db"].queries["headcount_by_department"])
    ('department (internal)', 'headcount (internal)')
    """
    return tuple(
        f"{column.name} ({column.class_}{f', masked: {column.mask}' if column.mask else ''})"
        for column in query.columns
    )


def needs_exception(query: Query) -> bool:
    """Whether a person must have let it leave: so for personal data, and wherever the query says so."""
    return query.highest >= DataClass.PERSONAL or query.exports.needs == "approver"
