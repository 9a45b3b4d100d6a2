"""What `appguard check` does: look at a folder, report, and say with which code to end."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import typer

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError, NotABundle
from appguard.cli.output import render
from appguard.cli.progress import watching
from appguard.gates.gitleaks import Scanner
from appguard.gates.model import Decision, GateContext, Report
from appguard.gates.repository import repository
from appguard.gates.runner import refused, run
from appguard.kernel.errors import AppGuardError
from appguard.packages.model import NOTHING, Knowledge
from appguard.packages.settings import INDEX

EXIT = {Decision.CLEAR: 0, Decision.REFUSED: 1, Decision.NEEDS_APPROVAL: 2}
IMPOSSIBLE = 3


@dataclass(frozen=True)
class Asked:
    """What the command line said."""

    folder: Path
    format: str
    output: Path | None
    fix: bool
    advisories: Path | None
    package_facts: Path | None
    index: str | None


def checked(asked: Asked, scanner: Scanner) -> int:
    """Report as asked, and return the exit code."""
    for given in (asked.advisories, asked.package_facts):
        if given is not None and not given.exists():
            _stop(f"there is no {given}", "Check the path, or leave the option out.")
    if asked.index and not re.match(INDEX, asked.index):
        _stop(f"{asked.index:.200} is no address of a package index", "Give one that begins with https://.")
    try:
        context = GateContext.of_platform(_knowledge(asked), repository(asked.folder), scanner)
        report = _report(asked, context)
        colour = asked.output is None and sys.stdout.isatty()
        text = render(report, asked.format, asked.folder, colour=colour)
        if asked.output is None:
            typer.echo(text, nl=False)
        else:
            asked.output.write_text(text, encoding="utf-8")
    except AppGuardError as error:
        _stop(error.message, error.advice)
    except OSError as error:
        _stop(
            f"{error.strerror or error}: {error.filename or asked.folder}",
            "Check the path and its permissions.",
        )
    return EXIT[report.decision]


def _knowledge(asked: Asked) -> Knowledge:
    if not (asked.advisories or asked.package_facts or asked.index):
        return NOTHING
    # Only these options need it.
    from appguard.packages.offline import AdvisoryFile, FactFile, IndexOnLaptop  # noqa: PLC0415

    facts = FactFile(asked.package_facts) if asked.package_facts else None
    source = IndexOnLaptop(asked.index) if asked.index else facts
    return Knowledge(AdvisoryFile(asked.advisories) if asked.advisories else None, source)


def _report(asked: Asked, context: GateContext) -> Report:
    """The report on what is there; files that cannot be a bundle are refused, no files are no answer."""
    try:
        return _mended(asked, context) if asked.fix else _looked_at(asked.folder, context)
    except NotABundle:
        raise
    except BundleError as error:
        return refused(error, context)


def _looked_at(folder: Path, context: GateContext) -> Report:
    bundle = Bundle.at(folder)
    with watching() as tell:
        return run(bundle, context, tell=tell)


def _mended(asked: Asked, context: GateContext) -> Report:
    """The report after the fixes; the diff goes where it does not disturb a program's reading."""
    from appguard.cli.fix import diff, mended, write  # noqa: PLC0415 - only `--fix` needs it

    before = Bundle.from_dir(asked.folder)
    with watching() as tell:
        after, report = mended(before, context, tell)
    write(asked.folder, before, after)
    said = diff(before, after) or "Nothing here can be mended by a machine.\n"
    typer.echo(said, err=asked.format != "text")
    return report


def _stop(message: str, advice: str) -> NoReturn:
    typer.echo(f"appguard check: {message}\n{advice}", err=True)
    raise typer.Exit(IMPOSSIBLE)
