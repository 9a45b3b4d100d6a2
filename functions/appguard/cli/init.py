"""`appguard init TEMPLATE DIR`: a secure starting point, filled in with what is known."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from appguard.apps.bundle import Bundle
from appguard.apps.manifest import Intent, Metadata
from appguard.apps.templates import start, templates
from appguard.kernel.errors import AppGuardError, NotFound
from appguard.kernel.files import policies_dir

WORKFLOW = ".github/workflows/check.yml"
"""Checks the app on every pull request; it stands in the folder and is no part of the bundle."""


def init(
    template: Annotated[str, typer.Argument(help="The template's name, e.g. hr-self-service.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    owner: Annotated[
        str, typer.Option(help="E-mail of the person who answers for the app.")
    ] = "you@example.com",
    team: Annotated[str, typer.Option(help="The owner's team.")] = "Your team",
    name: Annotated[str | None, typer.Option(help="The name people see; else the folder's.")] = None,
) -> None:
    """Start a micro app from a template."""
    try:
        bundle = _bundle(template, folder, owner, team, name or folder.resolve().name)
        files = {**bundle.files, WORKFLOW: (policies_dir() / "templates" / WORKFLOW).read_bytes()}
        _write(files, folder)
    except AppGuardError as error:
        _stop(error.message, error.advice)
    except ValidationError as error:
        wrong = ", ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        _stop(f"these words do not fit a manifest ({wrong})", "Give --name, --owner and --team that do.")
    except OSError as error:
        _stop(f"{error.strerror}: {error.filename}", "Choose a folder you may write to.")
    typer.echo(f"{len(files)} files in {folder}. Next: edit app.yaml, then `appguard check {folder}`.")


def _bundle(template: str, folder: Path, owner: str, team: str, name: str) -> Bundle:
    known = templates().get(template)
    if known is None:
        raise NotFound(f"there is no template {template!r:.60}", f"Choose one of: {', '.join(templates())}.")
    metadata = Metadata.model_validate(
        {
            "id": re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40],
            "name": name,
            "description": known.title,
            "owner": owner,
            "team": team,
        }
    )
    intent = Intent(
        purpose="Say who does what with it, and what happens today without it.",
        users=known.users,
        data_class=known.data_class,
    )
    return start(template, metadata, intent)


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        _stop(f"{folder} is not empty", "Choose a new folder; nothing was written.")
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _stop(message: str, advice: str) -> NoReturn:
    typer.echo(f"appguard init: {message}\n{advice}", err=True)
    raise typer.Exit(3)
