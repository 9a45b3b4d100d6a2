"""`appguard secrets`: how old every secret is, for the platform team."""

from typing import Annotated

import typer
from pydantic import TypeAdapter

from appguard.cli.ledger_access import enter, told
from appguard.secrets.ages import Aged, secret_ages

app = typer.Typer(
    help="See how old every secret is.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def secrets() -> None:
    """What is known of secrets without knowing them."""


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
    """List every secret with its age; what is older than its policy stands first."""
    with told():
        enter()
        found = secret_ages()
    if as_json:
        typer.echo(TypeAdapter(list[Aged]).dump_json(found, indent=1))
        return
    for aged in found:
        typer.echo(line(aged))


def line(aged: Aged) -> str:
    """One secret for people."""
    replaced = f"{aged.secret.rotated_at:%Y-%m-%d %H:%M}"
    age, rule = (
        f"{aged.days} days",
        f"replaced after {aged.rule.rotate_days}, late after {aged.rule.alarm_days}",
    )
    return f"{aged.standing.upper():<6}{age:>9}  {replaced}  {aged.secret.name}  ({rule})"
