"""`appguard siem`: how far the delivery of events is, for security operations."""

import json
from datetime import timedelta
from typing import Annotated

import typer

from appguard.audit.reader import in_bucket
from appguard.cli.ledger_access import Access, enter, told
from appguard.kernel.clock import utc_now
from appguard.kernel.event import Actor, RetentionClass, Role
from appguard.siem import standing
from appguard.siem.model import DestinationName
from appguard.siem.standing import Standing

app = typer.Typer(
    help="See how far events are delivered to SIEMs; send some once more.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
    """Say for each destination and log what arrived, what waits since when, and what was refused."""
    with told():
        enter(SIEM_TABLE="SiemTable")
        access = Access()
        ledger = in_bucket(access.client("s3"), access.name("LEDGER_BUCKET", "LedgerBucket"))
        found = list(standing.standings(ledger, utc_now()))
        refused = standing.set_aside()
    if as_json:
        rows = [{**one.model_dump(mode="json"), "waiting": one.waiting} for one in found]
        aside = {name.value: [vars(one) for one in some] for name, some in refused.items()}
        typer.echo(json.dumps({"destinations": rows, "refused": aside}, indent=1))
        return
    if not found:
        typer.echo("nothing is delivered anywhere; docs/siem.md says how to begin")
    for one in found:
        typer.echo(line(one))
    for name, some in refused.items():
        for rejection in some:
            typer.echo(f"{name} refused entry {rejection.index} ({rejection.event_id}): {rejection.code}")


@app.command()
def rewind(
    destination: Annotated[DestinationName, typer.Argument(help="Whose cursor goes back.")],
    log: Annotated[RetentionClass, typer.Argument(help="In which log.")],
    entry: Annotated[int, typer.Argument(help="The first entry that is to be sent once more.")],
) -> None:
    """Send everything from ENTRY on once more, after an index was lost or a mapping mended."""
    with told():
        enter(SIEM_TABLE="SiemTable")
        by = Actor(id=Access().client("sts").get_caller_identity()["Arn"], role=Role.PLATFORM)
        count = standing.rewind(destination, log, entry, by, utc_now())
    typer.echo(f"{count} entries of {log} go to {destination} once more, with the next run")


def line(one: Standing) -> str:
    """One destination and log for people."""
    since = f"{one.waiting:,} wait since {timedelta(seconds=round(one.lag_seconds))}"
    waits = since if one.waiting else "nothing waits"
    return f"{one.destination:<11}{one.log}  {one.position:,} of {one.size:,} arrived, {waits}  ({one.state})"
