"""The `appguard` command. Each command's module is imported only when that command is called."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = {
    "check": (
        "appguard.cli.check",
        "Check a micro app as the review will: what is refused, and how to fix it.",
    ),
    "submit": ("appguard.cli.submit", "Submit a version from the CI of its repository."),
    "approve": ("appguard.cli.approve", "See what waits for your decision, and decide."),
    "diff": ("appguard.cli.diff", "Say what one version of an app can do that another cannot."),
    "init": ("appguard.cli.init", "Start a micro app from a template."),
    "sbom": ("appguard.cli.sbom", "Print the bill of materials of a micro app, as SPDX or CycloneDX."),
    "schema": ("appguard.cli.schema", "Print the JSON Schema of app.yaml."),
    "explain": ("appguard.cli.explain", "Explain a rule: why it is there, and what to do."),
    "policy": ("appguard.cli.policy", "Test and ask the policies."),
    "connectors": ("appguard.cli.connectors", "Check connector files, and the databases behind them."),
    "verify-bundle": ("appguard.cli.verify_bundle", "Verify offline how a bundle came to be approved."),
    "attestation": ("appguard.cli.attestation", "Fetch an app's attestation, bundle and public key."),
    "audit": ("appguard.cli.audit", "Search, export, verify and prove the ledger."),
    "report": ("appguard.cli.report", "Make, fetch and verify compliance reports."),
    "evidence": ("appguard.cli.evidence", "Make and verify the evidence pack of one app."),
    "data": ("appguard.cli.data", "Say who saw a person's data; ask that a person be forgotten."),
    "secrets": ("appguard.cli.secrets", "See how old every secret is."),
    "siem": ("appguard.cli.siem", "See how far events are delivered to SIEMs; send some once more."),
    "up": ("appguard.cli.platform", "Start the local platform."),
    "down": ("appguard.cli.platform", "Stop the local platform."),
    "status": ("appguard.cli.platform", "Say where the local platform is."),
}
"""Each command, the module it lives in, and what it is for. A module holds `app` or a function so named."""

MISTYPED, COULD_NOT_RUN = 2, 3
"""What typer exits with after a mistyped line, and we: to `check`, 2 says that approval is needed."""


class LazyCommands(TyperGroup):
    """A group that knows its commands by name and reads their modules late, so that `--help` stays quick."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the module of one command; only `--help` names all of them without doing so."""
        if cmd_name not in COMMANDS:
            return None
        return _load(cmd_name)

    def make_context(self, *words: Any, **more: Any) -> Any:
        """Read the line; a mistyped option of ours exits 3."""
        with _mistyped():
            return super().make_context(*words, **more)

    def invoke(self, ctx: Any) -> Any:
        """Read and run a command; a line it cannot read exits 3."""
        with _mistyped():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in COMMANDS.items()])


@contextmanager
def _mistyped() -> Iterator[None]:
    try:
        yield
    except typer.TyperException as error:
        if error.exit_code == MISTYPED:
            error.exit_code = COULD_NOT_RUN
        raise


def _load(name: str) -> Any:
    module = import_module(COMMANDS[name][0])
    if not hasattr(module, "app"):
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name)(getattr(module, name.replace("-", "_")))
        return get_command(single)
    return get_command(module.app)


app = typer.Typer(
    cls=LazyCommands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def appguard() -> None:
    """Micro apps on AWS, built by business people, governed by IT."""


def main() -> None:
    """Entry point of the command."""
    # Looking for pydantic plugins reads every package's metadata, and lets any of them change what is valid.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    app(prog_name="appguard")
