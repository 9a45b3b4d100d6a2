"""`appguard connectors`: what is wrong with connector files, before anybody uses them."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appguard.cli.connector_proofs import proved
from appguard.cli.output import render_findings
from appguard.cli.profile import profile
from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.findings import findings
from appguard.connectors.lint.rules import check
from appguard.kernel.errors import AppGuardError, Invalid
from appguard.kernel.files import policies_dir
from appguard.kernel.finding import Finding, Severity

IMPOSSIBLE = 3
app = typer.Typer(
    help="Check connector files, and the databases behind them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """The formats of `appguard check` that show files of ours."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


app.command()(profile)


@app.callback()
def connectors() -> None:
    """Check connector files, and the databases behind them."""


@app.command()
def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE|DIR]…", help="Connector files, or folders of them; else the platform's."
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="env:NAME|secret|URL",
            help="Prove the files against their sources. PostgreSQL: a URL in an environment variable, a "
            "URL without a password (PGPASSWORD has it), or, with the word secret, a login made for it by "
            "the administrator in the connector's secrets. The word also proves Athena's, by their "
            "workgroups, and the keys of DynamoDB's tables. What nothing proved is said on stderr.",
        ),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", help="Write to this file instead.")] = None,
) -> None:
    """Say what is wrong with connector files.

    Exit code: 0 nothing that refuses, 1 refused, 3 the check itself could not run.
    """
    try:
        found = _found(_files(paths or [policies_dir() / "connectors"]), database)
        text = render_findings(found, format_.value, colour=output is None and sys.stdout.isatty())
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, encoding="utf-8")
    except AppGuardError as error:
        typer.echo(f"appguard connectors lint: {error.message}\n{error.advice}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    except OSError as error:
        typer.echo(f"appguard connectors lint: {error.strerror or error}: {error.filename}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    raise typer.Exit(1 if any(each.severity is Severity.BLOCK for each in found) else 0)


def _files(paths: Sequence[Path]) -> list[Path]:
    """The files meant; a folder stands for the connectors in it, and an empty one is a mistake."""
    found = [file for path in paths for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    if not found:
        raise Invalid("there is no connector file here", "Name a file, or a folder that has NAME.yaml in it.")
    return [_short(file) for file in found]


def _short(path: Path) -> Path:
    """As seen from here, where it lies below."""
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path


def _found(paths: Sequence[Path], database: str | None) -> list[Finding]:
    """What is wrong with the files, and with what the databases make of them."""
    files = [read_file(path) for path in paths]
    found = [
        finding
        for file in files
        for finding in findings(file, [*file.faults, *check(file, policies_dir() / "templates")])
    ]
    return [*found, *proved(files, database)]
