"""Connector files against the sources behind them, and what stays unproved."""

from collections.abc import Iterator, Sequence

import typer

from appguard.connectors.kinds.athena import AthenaConnector
from appguard.connectors.kinds.dynamodb import DynamoConnector
from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.lint.file import ConnectorFile
from appguard.connectors.lint.findings import findings
from appguard.connectors.lint.unproved import unproved
from appguard.kernel.errors import Invalid
from appguard.kernel.finding import Finding

SECRET = "secret"  # noqa: S105 - the word that says so


def proved(files: Sequence[ConnectorFile], database: str | None) -> Iterator[Finding]:
    """What the sources say; `database` names one login, or with the word `secret` each file's own."""
    databases = [file for file in files if isinstance(file.connector, PostgresConnector)]
    if database not in {None, SECRET} and len(databases) > 1:
        raise Invalid(
            f"--database names one login, but {len(databases)} connectors are checked",
            "Name one file, or use --database secret: each connector then has its own login.",
        )
    for file in files:
        asked = False
        match file.connector:
            case PostgresConnector() as connector if database is not None:
                yield from _by_database(file, connector, database)
                asked = True
            case AthenaConnector() as connector if database == SECRET:
                yield from _by_workgroup(file, connector)
                asked = True
            case DynamoConnector() as connector if database == SECRET:
                yield from _by_description(file, connector)
                asked = True
        for sentence in unproved(file, asked=asked):
            typer.echo(f"{file.path}: not proved {sentence}.", err=True)


def _by_database(file: ConnectorFile, connector: PostgresConnector, database: str) -> Iterator[Finding]:
    from appguard.cli.source_login import session_of  # noqa: PLC0415 - files need no database
    from appguard.connectors.lint.database import prove  # noqa: PLC0415 - likewise

    with session_of(connector, database) as session:
        yield from findings(file, prove(file, session))


def _by_workgroup(file: ConnectorFile, connector: AthenaConnector) -> Iterator[Finding]:
    from appguard.cli.ledger_access import Access, told  # noqa: PLC0415 - files need no AWS
    from appguard.connectors.lint.workgroup import prove  # noqa: PLC0415 - likewise

    with told():
        yield from findings(file, prove(file.of_athena, connector, Access().client("athena")))


def _by_description(file: ConnectorFile, connector: DynamoConnector) -> Iterator[Finding]:
    from appguard.cli.ledger_access import Access, told  # noqa: PLC0415 - files need no AWS
    from appguard.connectors.lint.keys import prove  # noqa: PLC0415 - likewise

    with told():
        yield from findings(file, prove(connector, file.document, Access().client("dynamodb")))
