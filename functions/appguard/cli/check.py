"""`appguard check DIR`: the gates of the review, on a laptop or in CI."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appguard.gates.gitleaks import Scanner


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
    with Scanner() as scanner:
        scanner.begin()
        # These imports take nearly as long as the scanner until it can look at anything.
        from appguard.cli.checking import Asked, checked  # noqa: PLC0415

        asked = Asked(folder, format_.value, output, fix, advisories, package_facts, index)
        raise typer.Exit(checked(asked, scanner))
