"""`appguard up | down | status`: the local platform, from a checkout of the repository."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any

import typer

from appguard.kernel.errors import AppGuardError, Misconfigured

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
COULD_NOT = 3


def up(as_json: Json = False) -> None:
    """Start the local platform and print where it is. Starting it twice does no harm."""
    with _told(as_json):
        endpoints = _harness("platform").up(lambda line: typer.echo(line, err=True))
    _print(endpoints.model_dump(), as_json)


def down(
    reset: Annotated[bool, typer.Option("--reset", help="Forget all data and ports as well.")] = False,
) -> None:
    """Stop the local platform; what was stored stays for the next `up`."""
    with _told(False):
        _harness("platform").down(reset=reset)
    typer.echo("stopped" + (" and forgotten" if reset else ""))


def status(as_json: Json = False) -> None:
    """Say where the platform is; exits 3 when it does not run."""
    with _told(as_json):
        found = _harness("status").status()
    if found.endpoints:
        _print(found.endpoints.model_dump(), as_json)
        return
    _print({name: "running" if runs else "stopped" for name, runs in found.services.items()}, as_json)
    raise typer.Exit(COULD_NOT)


@contextmanager
def _told(as_json: bool) -> Iterator[None]:
    """Turn our errors into one message and an exit code."""
    try:
        yield
    except AppGuardError as error:
        if as_json:
            typer.echo(json.dumps(error.as_dict()))
        else:
            typer.echo(f"appguard: {error.message}\n{error.advice}", err=True)
        raise typer.Exit(COULD_NOT) from error


def _harness(module: str) -> Any:
    """The harness lives beside the package in a checkout, and nowhere else."""
    try:
        return import_module(f"infra.local.{module}")
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"the local platform needs a checkout of the repository and its tools ({error})",
            "Run the command from a clone, after `make setup`.",
        ) from error


def _print(facts: dict[str, str], as_json: bool) -> None:
    """The same facts for people or programs."""
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
        return
    for name, value in facts.items():
        typer.echo(f"{name:<14}{value}")
