"""What SQL in a connector file may look like: one closed statement, values only as placeholders.

A second line: the first is that statement and values reach a source apart, the wall is what the
broker's login was granted there.
"""

import re
from typing import ClassVar, Self

from pydantic import Field, model_validator

from appguard.connectors.model import Operation

PLACEHOLDER = re.compile(r"%\(([a-z][a-z0-9_]*)\)s")
_FORBIDDEN = re.compile(r";|--|/\*|\$\d|\bset_config\b|\bset\s+(local|session|role)\b", re.IGNORECASE)


def placeholders(sql: str) -> set[str]:
    """The names of all placeholders in a statement."""
    return set(PLACEHOLDER.findall(sql))


class Statement(Operation):
    """A single SQL statement whose placeholders are its declared parameters."""

    identities: ClassVar[frozenset[str]] = frozenset()
    """Placeholders of the kind itself, for user and app."""

    sql: str = Field(min_length=1, max_length=8000)

    @model_validator(mode="after")
    def _sql_is_one_closed_statement(self) -> Self:
        """Placeholders equal parameters; no second statement, comment or change of identity."""
        if found := _FORBIDDEN.search(self.sql):
            raise ValueError(f"sql must be one statement without comments or settings; it has {found[0]!r}")
        if taken := self.identities & set(self.parameters):
            raise ValueError(f"parameters must not be called {sorted(taken)}")
        used = placeholders(self.sql) - self.identities
        if "%" in PLACEHOLDER.sub("", self.sql):
            raise ValueError("sql may use % only in placeholders like %(name)s")
        if used != set(self.parameters):
            raise ValueError(f"placeholders {sorted(used)} differ from parameters {sorted(self.parameters)}")
        return self


class Selecting(Statement):
    """A statement that reads."""

    @model_validator(mode="after")
    def _sql_only_reads(self) -> Self:
        """A query starts with SELECT; that the source lets it do nothing else is the source's part."""
        if not re.match(r"\s*select\b", self.sql, re.IGNORECASE):
            raise ValueError("the sql of a query must be a SELECT; use a command to write")
        return self
