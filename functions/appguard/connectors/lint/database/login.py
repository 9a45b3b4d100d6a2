"""The login of an app, or its stand-in, may use the views and functions of its source and nothing else.

Each question to the catalogue answers with one line for each thing that is wrong.
"""

from collections.abc import Iterable, Iterator
from typing import LiteralString

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.model import Examined, Fault
from appguard.connectors.lint.outputs import relation

# The login, and every role whose rights it has as a member.
_HELD: LiteralString = """
WITH RECURSIVE held (oid) AS (
    SELECT session_user::regrole::oid
    UNION SELECT m.roleid FROM pg_catalog.pg_auth_members AS m JOIN held ON m.member = held.oid
)"""

# rds_iam is how a role signs in to Amazon RDS without a password.
_POWERS = (
    _HELD
    + """
SELECT CASE WHEN rolname = session_user THEN '' ELSE rolname || ', of which it is a member, ' END
    || each.power
FROM held JOIN pg_catalog.pg_roles USING (oid) CROSS JOIN LATERAL (VALUES
    (rolsuper, 'is a superuser'), (rolbypassrls, 'bypasses row-level security (BYPASSRLS)'),
    (rolcreaterole, 'may create roles (CREATEROLE)'), (rolcreatedb, 'may create databases (CREATEDB)'),
    (rolreplication, 'may replicate (REPLICATION)')) AS each (has, power)
WHERE each.has
UNION ALL
SELECT 'is a member of ' || string_agg(rolname, ', ' ORDER BY rolname) || '; one role is enough'
FROM held JOIN pg_catalog.pg_roles USING (oid) WHERE rolname NOT IN (session_user, 'rds_iam')
HAVING count(*) > 1"""
)

_OWNED = (
    _HELD
    + """
SELECT 'owns ' || c.oid::regclass::text FROM pg_catalog.pg_class AS c JOIN held ON held.oid = relowner
WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'owns ' || p.oid::regprocedure::text FROM pg_catalog.pg_proc AS p JOIN held ON held.oid = proowner
UNION ALL
SELECT 'owns the schema ' || nspname FROM pg_catalog.pg_namespace JOIN held ON held.oid = nspowner"""
)

_TABLES = """
SELECT 'has rights on the table ' || c.oid::regclass::text
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relowner <> session_user::regrole
  AND (has_table_privilege(session_user, c.oid,
                           'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
       OR has_any_column_privilege(session_user, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
UNION ALL
SELECT 'may write through the view ' || c.oid::regclass::text
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relowner <> session_user::regrole
  AND (has_table_privilege(session_user, c.oid, 'INSERT, UPDATE, DELETE')
       OR has_any_column_privilege(session_user, c.oid, 'INSERT, UPDATE'))"""

_MAKES = """
SELECT 'may make temporary tables' WHERE has_database_privilege(session_user, current_database(), 'TEMPORARY')
UNION ALL
SELECT 'may make schemas' WHERE has_database_privilege(session_user, current_database(), 'CREATE')
UNION ALL
SELECT 'may make things in the schema ' || nspname FROM pg_catalog.pg_namespace
WHERE has_schema_privilege(session_user, oid, 'CREATE') AND nspowner <> session_user::regrole"""

_IDENTITY = """
SELECT 'already has an identity, ' || name || ', before the broker names one'
FROM unnest(ARRAY['appguard.user_email', 'appguard.app_id']) AS name
WHERE current_setting(name, true) <> ''"""

_UNUSED = """
SELECT 'may read ' || c.oid::regclass::text || ', which no query here names'
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND has_schema_privilege(session_user, n.oid, 'USAGE')
  AND has_table_privilege(session_user, c.oid, 'SELECT')
  AND n.nspname || '.' || c.relname <> ALL (%(named)s)"""

_QUESTIONS: tuple[tuple[str, LiteralString], ...] = (
    ("source-login-powerful", _POWERS),
    ("source-login-owns", _OWNED),
    ("source-login-tables", _TABLES),
    ("source-login-creates", _MAKES),
    ("source-identity-preset", _IDENTITY),
    ("source-right-unused", _UNUSED),
)


def check(session: Session, queries: Iterable[Examined[PostgresQuery]], line: int) -> Iterator[Fault]:
    """Everything the login is or may beyond its task. Of a superuser only that is said: it may all else."""
    named = [relation(table) for query in queries for table in query.statement.relations]
    for rule, question in _QUESTIONS:
        answers = sorted(answer for (answer,) in session.ask(question, named=named))
        yield from (Fault(rule, f"The login {answer}", line) for answer in answers)
        if "is a superuser" in answers:
            return
