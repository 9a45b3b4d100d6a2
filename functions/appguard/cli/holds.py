"""`appguard audit hold`, `release` and `holds`: evidence that must stay, by people who may say so."""

from typing import Annotated

import typer

from appguard.audit.holding import Holding
from appguard.audit.holds import OfApp, OfRange
from appguard.cli.ledger_access import Access, failed, told
from appguard.kernel.event import Actor, RetentionClass, Role
from appguard.kernel.ids import AppId

Reason = Annotated[str, typer.Option(help="Why, in 10 to 300 characters; it stays in the ledger for years.")]
SHORTEST = 10


def hold(
    reason: Reason,
    app_id: Annotated[str | None, typer.Option("--app", help="All entries about this app.")] = None,
    log: Annotated[RetentionClass | None, typer.Option(help="A log, with --first and --last.")] = None,
    first: Annotated[int | None, typer.Option(help="Number of the first entry.")] = None,
    last: Annotated[int | None, typer.Option(help="Number of the last entry.")] = None,
) -> None:
    """Place a legal hold: entries and what proves them stay, whatever their retention, until released."""
    with told():
        holding, who = _holding()
        placed, objects = holding.place(_scope(app_id, log, first, last), _given(reason), who)
    typer.echo(f"{placed.name}: {placed.scope.words}, {objects} objects held")


def release(name: Annotated[str, typer.Argument(help="As `holds` lists it.")], reason: Reason) -> None:
    """End a legal hold."""
    with told():
        holding, who = _holding()
        free = holding.release(name, _given(reason), who)
    typer.echo(f"released {name}: {free} objects are held by no hold any more")


def holds(
    renew: Annotated[bool, typer.Option("--renew", help="Put each hold on its objects again.")] = False,
) -> None:
    """List the legal holds in force."""
    with told():
        holding, _ = _holding()
        for one in holding.store.in_force():
            typer.echo(f"{one.name}  {one.since:%Y-%m-%d}  {one.scope.words}  {one.by}  {one.reason}")
        if renew:
            typer.echo(f"{holding.renew()} objects held")


def _scope(
    app_id: str | None, log: RetentionClass | None, first: int | None, last: int | None
) -> OfApp | OfRange:
    if app_id and log is None:
        return OfApp(app_id=AppId(app_id))
    if log and app_id is None and first is not None and last is not None:
        return OfRange(log=log, first=first, last=last)
    raise failed("name either --app, or --log with --first and --last")


def _given(reason: str) -> str:
    if len(reason) < SHORTEST:
        raise failed(f"a reason of at least {SHORTEST} characters, please: it is what the ledger says later")
    return reason


def _holding() -> tuple[Holding, Actor]:
    """The holds of this deployment, and who AWS says is asking."""
    from appguard.audit.hold_store import HoldStore  # noqa: PLC0415 - only where holds are asked for
    from appguard.audit.outbox import Outbox  # noqa: PLC0415 - likewise
    from appguard.audit.reader import in_bucket  # noqa: PLC0415 - likewise

    access = Access()
    s3, dynamodb = access.client("s3"), access.client("dynamodb")
    bucket = access.name("LEDGER_BUCKET", "LedgerBucket")
    who = access.client("sts").get_caller_identity()["Arn"]
    store = HoldStore(dynamodb, access.name("LEDGER_TABLE", "LedgerTable"), s3, bucket)
    outbox = Outbox(dynamodb, access.name("OUTBOX_TABLE", "OutboxTable"))
    return Holding(store, in_bucket(s3, bucket), outbox), Actor(id=who, role=Role.SECURITY)
