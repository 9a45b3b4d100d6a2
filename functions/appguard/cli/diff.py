"""`appguard diff OLD_DIR NEW_DIR`: what a new version of an app can do that the old one could not."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appguard.apps.bundle import Bundle
from appguard.apps.capabilities import Capabilities
from appguard.apps.capability_diff import CapabilityDiff, Entry
from appguard.apps.capability_diff import diff as difference
from appguard.connectors.registry import registry
from appguard.kernel.errors import AppGuardError

GREW, IMPOSSIBLE = 2, 3


class Format(StrEnum):
    """How to report."""

    TEXT = "text"
    JSON = "json"


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD_DIR", help="The folder of the version before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW_DIR", help="The folder of the version after.")],
    format_: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TEXT,
) -> None:
    """Say in plain words what NEW_DIR can do that OLD_DIR could not, and the other way round.

    Exit code: 0 it can do nothing more, 2 it can do more, 3 one of the two could not be read.
    """
    try:
        change = difference(_capabilities(old), _capabilities(new))
    except AppGuardError as error:
        typer.echo(f"appguard diff: {error.message}\n{error.advice}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    except OSError as error:
        typer.echo(f"appguard diff: {error.strerror or error}: {error.filename}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    typer.echo(_json(change) if format_ is Format.JSON else _text(change))
    raise typer.Exit(GREW if change.grew else 0)


def _capabilities(folder: Path) -> Capabilities:
    return Capabilities.of(Bundle.from_dir(folder), registry())


def _text(change: CapabilityDiff) -> str:
    lines = [*(_line("+", each) for each in change.more), *(_line("-", each) for each in change.less)]
    return "\n".join(lines) or "Both can do exactly the same."


def _line(sign: str, entry: Entry) -> str:
    """A bundle may name things with control characters; a terminal must not obey them."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in entry.sentence)
    return f"{sign} {text}"


def _json(change: CapabilityDiff) -> str:
    entries = [
        each.model_dump(mode="json", include={"kind", "change", "subject", "data_class", "sentence"})
        for each in change.entries
    ]
    return json.dumps({"grew": change.grew, "entries": entries}, indent=2)
