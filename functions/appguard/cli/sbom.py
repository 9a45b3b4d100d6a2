"""`appguard sbom DIR`: the bill of materials, as the review keeps it."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appguard.apps.bundle import Bundle
from appguard.gates import cyclonedx
from appguard.gates import sbom as spdx
from appguard.kernel.errors import AppGuardError


class Form(StrEnum):
    """The two standard forms."""

    SPDX = "spdx"
    CYCLONEDX = "cyclonedx"


def sbom(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with app.yaml.")],
    form: Annotated[Form, typer.Option("--format", help="SPDX 2.3 or CycloneDX 1.5.")] = Form.SPDX,
) -> None:
    """Print the bill of materials of a micro app: the app, each pinned package, each file."""
    try:
        bundle = Bundle.from_dir(folder)
    except AppGuardError as error:
        typer.echo(f"appguard sbom: {error.message}\n{error.advice}", err=True)
        raise typer.Exit(3) from None
    made = spdx.sbom(bundle) if form is Form.SPDX else cyclonedx.cyclonedx(bundle)
    typer.echo(json.dumps(made, indent=2))
