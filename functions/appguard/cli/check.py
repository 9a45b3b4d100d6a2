"""`appguard check DIR`: the gates of the review, on a laptop or in CI."""

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError, NotABundle
from appguard.cli.output import render
from appguard.cli.progress import watching
from appguard.gates.model import Decision, GateContext, Report
from appguard.gates.repository import repository
from appguard.gates.runner import refused, run
from appguard.kernel.errors import AppGuardError
from appguard.packages.model import NOTHING, Knowledge
from appguard.packages.settings import INDEX

EXIT = {Decision.CLEAR: 0, Decision.REFUSED: 1, Decision.NEEDS_APPROVAL: 2}
IMPOSSIBLE = 3


class Format(StrEnum):
    """The names in `FORMATS`."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with app.yaml, or a zip of it.")],
    format_: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", help="Write to this file instead.")] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended, and show what changed.")
    ] = False,
    advisories: Annotated[
        Path | None,
        typer.Option("--advisories", help="OSV's export for PyPI: a zip, or a folder of its records."),
    ] = None,
    package_facts: Annotated[
        Path | None,
        typer.Option("--package-facts", help="What the package index says of packages, as JSON."),
    ] = None,
    index: Annotated[
        str | None,
        typer.Option(
            "--index",
            metavar="URL",
            envvar="PACKAGE_INDEX_URL",
            help="The package index to ask about requirements.txt, such as https://pypi.org/simple.",
        ),
    ] = None,
) -> None:
    """Check a micro app as the review will.

    Exit code: 0 clear, 2 needs approval, 1 refused, 3 the check itself could not run.
    """
    for given in (advisories, package_facts):
        if given is not None and not given.exists():
            _stop(f"there is no {given}", "Check the path, or leave the option out.")
    if index and not re.match(INDEX, index):
        _stop(f"{index:.200} is no address of a package index", "Give one that begins with https://.")
    try:
        asked = advisories or package_facts or index
        packages = _knowledge(advisories, package_facts, index) if asked else NOTHING
        context = GateContext.of_platform(packages, history=repository(folder))
        report = _report(folder, context, fix=fix, as_text=format_ is Format.TEXT)
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


def _knowledge(advisories: Path | None, facts: Path | None, index: str | None) -> Knowledge:
    # Only these options need it.
    from appguard.packages.offline import AdvisoryFile, FactFile, IndexOnLaptop  # noqa: PLC0415

    source = IndexOnLaptop(index) if index else FactFile(facts) if facts else None
    return Knowledge(AdvisoryFile(advisories) if advisories else None, source)


def _report(folder: Path, context: GateContext, *, fix: bool, as_text: bool) -> Report:
    """The report on what is there; files that cannot be a bundle are refused, no files are no answer."""
    try:
        return _mended(folder, context, as_text=as_text) if fix else _checked(folder, context)
    except NotABundle:
        raise
    except BundleError as error:
        return refused(error, context)


def _checked(folder: Path, context: GateContext) -> Report:
    bundle = Bundle.at(folder)
    with watching() as tell:
        return run(bundle, context, tell=tell)


def _mended(folder: Path, context: GateContext, *, as_text: bool) -> Report:
    """The report after the fixes; the diff goes where it does not disturb a program's reading."""
    from appguard.cli.fix import diff, mended, write  # noqa: PLC0415 - only `--fix` needs it

    before = Bundle.from_dir(folder)
    with watching() as tell:
        after, report = mended(before, context, tell)
    write(folder, before, after)
    typer.echo(diff(before, after) or "Nothing here can be mended by a machine.\n", err=not as_text)
    return report


def _stop(message: str, advice: str) -> NoReturn:
    typer.echo(f"appguard check: {message}\n{advice}", err=True)
    raise typer.Exit(IMPOSSIBLE)
