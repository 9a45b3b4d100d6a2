"""`appguard connectors profile`: what a data owner publishes so that made-up rows look like the source's."""

from pathlib import Path
from typing import Annotated

import typer

from appguard.connectors.profiles.model import K, Profile
from appguard.connectors.profiles.published import FOLDER
from appguard.connectors.registry import registry
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError, Invalid, Unavailable
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import ConnectorName

IMPOSSIBLE = 3
_HEAD = """\
# What previews of {name} resemble, measured by `appguard connectors profile`. Read it before you commit it:
# every word and bar speaks of at least {k} people; of personal columns it says how much is empty and how long
# texts are, and nothing else.
"""


def profile(
    name: Annotated[str, typer.Argument(metavar="CONNECTOR", help="A PostgreSQL connector, by name.")],
    database: Annotated[
        str,
        typer.Option(
            "--database",
            metavar="env:NAME|URL",
            help="Measure with this login, which may ask for everybody and make temporary tables: a URL in "
            "an environment variable, or a URL without a password (PGPASSWORD has it).",
        ),
    ],
    people: Annotated[
        str | None,
        typer.Option("--people", metavar="TABLE.COLUMN", help="Where the users' e-mail addresses stand."),
    ] = None,
    k: Annotated[int, typer.Option("--k", min=K, help="Fewest people a figure may speak of.")] = K,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write here; else beside the connector file.")
    ] = None,
) -> None:
    """Measure a source and write its profile, which previews then follow.

    Exit code: 0 written, 3 it could not be measured.
    """
    target = output or policies_dir() / "connectors" / FOLDER / f"{name}.yaml"
    try:
        text = _written(_measured(name, database, people, k))
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    except AppGuardError as error:
        typer.echo(f"appguard connectors profile: {error.message}\n{error.advice}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    except OSError as error:
        typer.echo(f"appguard connectors profile: {error.strerror or error}: {error.filename}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    typer.echo(f"{target}: read it, then commit it. Previews follow it from the next deployment on.")


def _measured(name: str, database: str, people: str | None, k: int) -> Profile:
    from psycopg import Error  # noqa: PLC0415 - `lint` of files does without

    from appguard.cli.source_login import connection_of  # noqa: PLC0415 - likewise
    from appguard.connectors.kinds.postgresql import PostgresConnector  # noqa: PLC0415
    from appguard.connectors.lint.statement import Unreadable  # noqa: PLC0415
    from appguard.connectors.profiling.taking import taken  # noqa: PLC0415

    connector = registry().get(ConnectorName(name))
    if not isinstance(connector, PostgresConnector):
        raise Invalid(f"{name} is no PostgreSQL connector", "Only PostgreSQL can be measured.")
    if people is None and any(query.user_in for query in connector.queries.values()):
        raise Invalid(
            f"queries of {name} belong to users, and it is not said who they are",
            "Name the column with their addresses, such as --people hr.employee.email.",
        )
    with connection_of(connector, database) as connection:
        try:
            return taken(connector, people, connection, k, utc_now().date())
        except Unreadable as error:
            raise Invalid(f"a query of {name} cannot be measured: {error}", "Simplify it.") from None
        except Error as error:  # its text may hold data
            raise Unavailable(
                f"the database refuses to be measured (SQLSTATE {error.sqlstate})",
                "Sign in as somebody who may use the views, read --people and make temporary tables.",
            ) from None


def _written(measured: Profile) -> str:
    import yaml  # noqa: PLC0415 - `lint` does without

    said = measured.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    body = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return _HEAD.format(name=measured.connector, k=measured.k) + body
