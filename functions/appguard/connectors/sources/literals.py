"""Values as literals of Athena's SQL.

`ExecutionParameters` are not bound values: Athena runs `EXECUTE … USING` with their text, so each one is
an *expression*. A text that arrives unquoted is SQL of the caller's. Hence a literal is written here for
each type, and nothing else may stand in a parameter. Athena's strings know one special character, the
quote, which is doubled; a backslash is a backslash.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from appguard.connectors.parameters import Bound


def literal(value: Bound) -> str:
    """The one literal that means `value`.

    >>> literal("O'Hara"), literal(7), literal(None)
    ("'O''Hara'", '7', 'NULL')
    """
    match value:
        case None | bool():
            return {None: "NULL", True: "true", False: "false"}[value]
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return f"DATE '{value.isoformat()}'"
        case str() | UUID():
            return "'" + str(value).replace("'", "''") + "'"
