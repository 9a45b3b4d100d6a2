"""What is read on the way from a view to its tables, and as whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.statement import read

_QUESTION = """
WITH RECURSIVE named AS (
    SELECT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname || '.' || c.relname = ANY (%(names)s)
), reads (reader, oid) AS (
    SELECT session_user::regrole::oid, oid FROM named
    UNION
    SELECT CASE WHEN v.reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1}'
                THEN reads.reader ELSE v.relowner END, d.refobjid
    FROM reads
    JOIN pg_catalog.pg_class AS v ON v.oid = reads.oid AND v.relkind = 'v'
    JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = v.oid
    JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid
)
SELECT n.nspname || '.' || c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity,
       who.rolname, who.rolsuper OR who.rolbypassrls,
       ARRAY(SELECT p.polname::text FROM pg_catalog.pg_policy AS p
             WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
               AND pg_get_expr(p.polqual, p.polrelid) = 'true'
               AND EXISTS (SELECT FROM unnest(p.polroles) AS r
                           WHERE CASE WHEN r = 0 THEN true ELSE pg_has_role(who.oid, r, 'MEMBER') END)),
       CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
       ARRAY(SELECT tn.nspname || '.' || t.relname FROM pg_catalog.pg_constraint AS f
             JOIN pg_catalog.pg_class AS t ON t.oid = f.confrelid
             JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
             WHERE f.conrelid = c.oid AND f.contype = 'f')
FROM reads
JOIN pg_catalog.pg_class AS c USING (oid)
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles AS who ON who.oid = reads.reader
ORDER BY 1, 5"""


@dataclass(frozen=True)
class Read:
    """A relation, and the role with whose rights it is read: the owner of the view above it."""

    relation: str
    kind: str
    secured: bool
    forced: bool
    reader: str
    reader_bypasses: bool
    open_policies: Sequence[str]
    definition: str | None
    columns: Sequence[str]
    references: Sequence[str]

    @property
    def is_view(self) -> bool:
        """Whether something else is read through it."""
        return self.kind == "v"

    @property
    def definition_read(self) -> exp.Query:
        """The SELECT of a view, with every name spelt out; raises `Unreadable`."""
        return read((self.definition or "").rstrip().removesuffix(";")).tree

    @property
    def can_be_secured(self) -> bool:
        """Whether it is a table; materialized views and foreign tables know no row-level security."""
        return self.kind in {"r", "p"}


def reads_of(names: Sequence[str], session: Session) -> list[Read]:
    """Everything read when these relations are, themselves included."""
    return [Read(*row) for row in session.ask(_QUESTION, names=list(names))]
