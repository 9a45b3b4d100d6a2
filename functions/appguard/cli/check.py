"""`appguard check DIR`: the gates of the review, on a laptop or in CI."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from appguard.apps.bundle import Bundle
from appguard.cli.output import render
from appguard.gates.model import Decision, GateContext
from appguard.gates.repository import repository
from appguard.gates.runner import run
from appguard.kernel.errors import AppGuardError

EXIT = {Decision.CLEAR: 0, Decision.REFUSED: 1, Decision.NEEDS_APPROVAL: 2}
IMPOSSIBLE = 3


class Format(StrEnum):
    """The names in `FORMATS`."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with app.yaml.")],
    format_: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", help="Write to this file instead.")] = None,
    advisories: Annotated[
        Path | None,
        typer.Option(
            "--advisories", help="OSV advisories (a zip). Not used yet: no gate examines dependencies."
        ),
    ] = None,
) -> None:
    """Check a micro app as the review will.

    Exit code: 0 clear, 2 needs approval, 1 refused, 3 the check itself could not run.
    """
    if advisories is not None and not advisories.is_file():
        _stop(f"there is no file {advisories}", "Give a zip of OSV advisories, or leave the option out.")
    if advisories is not None:
        typer.echo("appguard check: advisories are not used yet; no gate examines dependencies", err=True)
    try:
        report = run(Bundle.from_dir(folder), GateContext.of_platform(history=repository(folder)))
        text = render(report, format_.value, folder, colour=output is None and sys.stdout.isatty())
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, encoding="utf-8")
    except AppGuardError as error:
        _stop(error.message, error.advice)
    except OSError as error:
        _stop(f"{error.strerror or error}: {error.filename or folder}", "Check the path and its permissions.")
    raise typer.Exit(EXIT[report.decision])


def _stop(message: str, advice: str) -> NoReturn:
    typer.echo(f"appguard check: {message}\n{advice}", err=True)
    raise typer.Exit(IMPOSSIBLE)
