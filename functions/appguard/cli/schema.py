"""`appguard schema`: what may stand in app.yaml, for editors and machines."""

import json

import typer

from appguard.apps.manifest import json_schema


def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of app.yaml."""
    typer.echo(json.dumps(json_schema(), indent=2))
