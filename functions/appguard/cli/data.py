"""`appguard data`: who saw a person's data, and forgetting a person."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from appguard.audit.by_subject import in_export
from appguard.audit.reader import in_bucket, in_folder, remembering
from appguard.cli.ledger_access import Access, failed, told
from appguard.cli.person_page import Form, shown
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import ConnectorName
from appguard.privacy.asking import ask
from appguard.privacy.model import Answer, Decision, Inquiry, Key, Period, Sighting, Verb
from appguard.privacy.subject import subject_of
from appguard.privacy.tags import SubjectKey
from appguard.privacy.who_saw import WhoSaw

app = typer.Typer(
    help="Who saw a person's data, and forgetting a person.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Subject = Annotated[str, typer.Argument(help="The e-mail address or number by which data names the person.")]


@app.command("who-saw")
def who_saw(
    subject: Subject,
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")] = None,
    connector: Annotated[str | None, typer.Option(help="Only accesses through this connector.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print the answer.")] = Form.TEXT,
    proofs: Annotated[
        Path | None, typer.Option(help="A folder that is to hold a proof of each entry.")
    ] = None,
    save_key: Annotated[
        Path | None, typer.Option(help="Write the person's key here, to search an export with.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--from-export", help="An exported ledger instead of the live one.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="With --from-export: the file --save-key wrote.")] = None,
) -> None:
    """List every access to a person's data, from the ledger."""
    with told():
        period = Period(start=_utc(start), end=_next_day(end), connector=_named(connector))
        if export:
            answer = _offline(subject, period, export, key)
        else:
            answer = _asked(subject, period, with_key=save_key is not None)
        if save_key and answer.key:
            save_key.touch(mode=0o600)
            save_key.write_text(answer.key.model_dump_json(indent=1) + "\n")
        if proofs:
            _prove(answer.sightings, proofs, export)
    typer.echo(shown(subject, answer, form))


@app.command()
def forget(
    subject: Subject,
    reason: Annotated[str, typer.Option(help="Why, without the person's name: it stays in the ledger.")],
) -> None:
    """Ask that a person be forgotten; a data owner decides in the portal, freshly signed in."""
    with told():
        access = Access()
        decision = Decision(verb=Verb.ASK, subject=subject, reason=reason, by=_caller(access))
        ask(access.client("lambda"), decision)
    typer.echo("asked; a data owner decides in the portal under Persons")


def _asked(subject: str, period: Period, *, with_key: bool) -> Answer:
    access = Access()
    inquiry = Inquiry(subject=subject, period=period, by=_caller(access), with_key=with_key)
    return Answer.model_validate(ask(access.client("lambda"), inquiry))


def _offline(subject: str, period: Period, export: Path, file: Path | None) -> Answer:
    """The same from an exported folder, given the person's key."""
    if file is None:
        raise Invalid("an export is searched with the person's key", "Give the file of --save-key as --key.")
    given = Key.model_validate_json(file.read_bytes())
    if subject_of(subject) != given.subject:
        raise Invalid(f"{file} is the key of somebody else")
    key = SubjectKey(subject_of(given.subject), bytes.fromhex(given.secret), given.since)
    reader = in_folder(export)
    if not any(export.glob("*/checkpoint")):
        raise NotFound(f"{export} holds no exported ledger", "Make one with `appguard audit export`.")
    answering = WhoSaw(lambda tags, start, end: in_export(reader, tags, start, end), lambda _: "")
    found = answering.sightings(key, period, datetime.now(UTC))
    return Answer(known_since=key.since, sightings=tuple(found))


def _prove(sightings: tuple[Sighting, ...], folder: Path, export: Path | None) -> None:
    """One proof an entry, each found by its place."""
    import json  # noqa: PLC0415 - only here

    access = None if export else Access()
    reader = remembering(
        in_folder(export)
        if export
        else in_bucket(access.client("s3"), access.name("LEDGER_BUCKET", "LedgerBucket"))  # type: ignore[union-attr]
    )
    folder.mkdir(parents=True, exist_ok=True)
    for each in sightings:
        entry = reader.entry(each.log, each.index) if each.log and each.index is not None else None
        if entry is None:
            raise failed(f"{each.event_id} is not sealed yet; ask again in a minute")
        proof = json.dumps(reader.proof(entry), indent=1, ensure_ascii=False)
        (folder / f"{each.event_id}.json").write_text(proof + "\n")


def _caller(access: Access) -> Actor:
    """Whose credentials these are."""
    caller: dict[str, Any] = access.client("sts").get_caller_identity()
    return Actor(id=caller["Arn"], role=Role.PLATFORM)


def _named(connector: str | None) -> ConnectorName | None:
    return ConnectorName(connector) if connector else None


def _utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _next_day(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) + timedelta(days=1) if day else None
