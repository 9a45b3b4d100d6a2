"""`appguard up | down | status`: the local platform, from a checkout of the repository."""

import json
from types import ModuleType
from typing import Annotated

import typer

from appguard.kernel.errors import AppGuardError, Misconfigured

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def up(as_json: Json = False) -> None:
    """Start the local platform and print where it is. Starting it twice does no harm."""
    with _told(as_json):
        endpoints = _harness().up((lambda _: None) if as_json else _tell)
    _print(endpoints.model_dump(), as_json)


def down(
    reset: Annotated[bool, typer.Option("--reset", help="Forget all data and ports as well.")] = False,
) -> None:
    """Stop the local platform; what was stored stays for the next `up`."""
    with _told(False):
        _harness().down(reset=reset)
    typer.echo("stopped" + (" and forgotten" if reset else ""))


def status(as_json: Json = False) -> None:
    """Say where the platform is; exits 3 when it does not run."""
    with _told(as_json):
        found = _harness().status()
    if found.endpoints:
        _print(found.endpoints.model_dump(), as_json)
        return
    _print({name: "running" if runs else "stopped" for name, runs in found.services.items()}, as_json)
    raise typer.Exit(3)


class _told:  # noqa: N801 - reads as a word at its places of use
    """Turn our errors into one message and exit code 3."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, AppGuardError):
            if self._as_json:
                typer.echo(json.dumps(error.as_dict()))
            else:
                typer.echo(f"appguard: {error.message}\n{error.advice}", err=True)
            raise typer.Exit(3) from error


def _harness() -> ModuleType:
    """The harness lives beside the package in a checkout, and nowhere else."""
    try:
        from infra.local import platform
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"the local platform needs a checkout of the repository and its tools ({error})",
            "Run the command from a clone, after `make setup`.",
        ) from error
    return platform


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _print(facts: dict[str, str], as_json: bool) -> None:
    """The same facts for people or programs."""
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
        return
    for name, value in facts.items():
        typer.echo(f"{name:<14}{value}")
