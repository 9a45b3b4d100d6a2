"""`appguard submit DIR`: hand a version to the platform, from a CI run and with its identity."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import urlencode

import typer

from appguard.apps.bundle import Bundle
from appguard.cli.ci_run import CiRun
from appguard.cli.web import ask
from appguard.kernel.errors import AppGuardError

EXIT = {"refused": 1, "waiting": 2}
"""As `check` does; any other state is on its way, or in use."""
IMPOSSIBLE = 3


def submit(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder with app.yaml, in the repository.")
    ],
    url: Annotated[
        str, typer.Option("--url", envvar="APPGUARD_URL", help="The portal's address, https://….")
    ],
) -> None:
    """Submit the version in a folder, from a CI run on a branch or tag of the linked repository.

    Exit code: 0 in review or published, 2 waits for a reviewer, 1 refused, 3 it could not be submitted.
    """
    portal = url.rstrip("/")
    try:
        review = _submitted(folder, portal, CiRun.here())
    except AppGuardError as error:
        _stop(error.message, error.advice)
    except OSError as error:
        _stop(f"{error.strerror or error}: {error.filename or folder}", "Check the path and its permissions.")
    typer.echo(f"{review['state']}: {review['page']}")
    for reason in review["reasons"]:
        typer.echo(f"- {reason}")
    raise typer.Exit(EXIT.get(review["state"], 0))


def _submitted(folder: Path, portal: str, run: CiRun) -> Any:
    bundle = Bundle.from_dir(folder)
    app_id = bundle.manifest().metadata.id
    where = urlencode({"folder": run.folder(folder)})
    token = run.token(portal)
    return json.loads(ask(f"{portal}/api/apps/{app_id}/submissions?{where}", token, bundle.to_zip()))


def _stop(message: str, advice: str) -> NoReturn:
    typer.echo(f"appguard submit: {message}\n{advice}", err=True)
    raise typer.Exit(IMPOSSIBLE)
