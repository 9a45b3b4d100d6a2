"""`appguard audit`: search, export, verify and prove, for auditors."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appguard.audit.reader import Entry, Reader, in_bucket, in_folder
from appguard.audit.signing import kms_signer, pem
from appguard.audit.verify import KEY_FILE, Bad, load_keys, verify_export, verify_proof
from appguard.cli.ledger_access import Access, failed, told
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import EventId

app = typer.Typer(
    help="Search, export, verify and prove the ledger.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


class Form(StrEnum):
    """How `search` prints."""

    TEXT = "text"
    JSON = "json"


UNVERIFIED = 1

From = Annotated[Path | None, typer.Option("--from", help="An exported folder instead of the live ledger.")]


@app.command()
def actions() -> None:
    """Print every action an entry can tell of (docs/actions.md)."""
    from appguard.audit.actions_page import markdown  # noqa: PLC0415 - needed here alone

    typer.echo(markdown(), nl=False)


@app.command("export")
def export_(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Copy the ledger and its public key into FOLDER."""
    from appguard.audit.export import export  # noqa: PLC0415 - reads slowly, needed here alone

    if folder.exists() and any(folder.iterdir()):
        raise failed(f"{folder} is not empty; an export starts in an empty folder")
    with told():
        access = Access()
        bucket = access.name("LEDGER_BUCKET", "LedgerBucket")
        key = kms_signer(access.client("kms"), access.name("LEDGER_KEY_ID", "LedgerKeyArn"))
        count = export(access.client("s3"), bucket, pem(key.public_key), folder)
    typer.echo(f"exported {count} objects of {bucket} to {folder}")


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="An exported folder, or the file `prove` wrote.")],
    key: Annotated[Path | None, typer.Option(help="The ledger's public key: PEM, DER or vkey.")] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint you kept from earlier; may be repeated.")
    ] = None,
) -> None:
    """Verify offline; exits 1 naming the first bad object."""
    if key is None and path.is_file():
        raise failed("a proof brings no key; give it with --key")
    try:
        keys = load_keys((key or path / KEY_FILE).read_bytes())
        known = [file.read_bytes() for file in checkpoint or ()]
        proof = json.loads(path.read_text()) if path.is_file() else None
    except OSError as error:
        raise failed(f"cannot read {error.filename}: {error.strerror}", UNVERIFIED) from error
    except ValueError as error:
        raise failed(f"cannot read the key or the proof: {error}", UNVERIFIED) from error
    try:
        if proof is not None:
            event = verify_proof(proof, keys)
            typer.echo(f"ok: {event['event_id']} {event['action']} is entry {proof['index']} of the ledger")
            return
        logs = verify_export(path, keys, known)
    except Bad as bad:
        raise failed(f"BAD {bad}", UNVERIFIED) from bad
    for name, log in logs.items():
        root = log.heads[-1].root.hex()
        typer.echo(f"ok {name}: {log.size} entries, {len(log.sizes)} checkpoints, root {root}")
    if key is None:
        typer.echo(f"note: the key came with the export; compare {KEY_FILE} with one obtained elsewhere")


@app.command()
def prove(
    event_id: Annotated[str, typer.Argument(help="As `search` prints it: evt-…")],
    output: Annotated[
        Path | None, typer.Option(help="Where to write the proof; default: EVENT_ID.json.")
    ] = None,
    source: From = None,
) -> None:
    """Write a file that proves one event is in the ledger."""
    with told():
        proof = _reader(source).prove(EventId(event_id))
    file = output or Path(f"{event_id}.json")
    file.write_text(json.dumps(proof, indent=1, ensure_ascii=False) + "\n")
    typer.echo(f"wrote {file}: entry {proof['index']}")


@app.command()
def search(
    app_id: Annotated[str | None, typer.Option("--app", help="The app's id.")] = None,
    action: Annotated[str | None, typer.Option(help="An action or its beginning, e.g. data.")] = None,
    actor: Annotated[str | None, typer.Option(help="The actor's id.")] = None,
    result: Annotated[str | None, typer.Option(help="success, denied or failure.")] = None,
    source: From = None,
    form: Annotated[Form, typer.Option("--format", help="Lines for people, or one JSON array.")] = Form.TEXT,
) -> None:
    """List entries, oldest first within each log."""

    def wanted(event: AuditEvent) -> bool:
        asked = ((app_id, event.app_id), (actor, event.actor.id), (result, event.result.value))
        return event.action.startswith(action or "") and all(word in (None, is_) for word, is_ in asked)

    with told():
        found = _reader(source).search(wanted)
        if form is Form.JSON:
            typer.echo("[" + ",\n ".join(entry.body.decode() for entry in found) + "]")
            return
        for entry in found:
            typer.echo(_line(entry))


def _line(entry: Entry) -> str:
    event = entry.event
    where, what = f"{entry.log}/{entry.index}", f"{event.resource.type} {event.resource.id}"
    when = event.timestamp.isoformat(timespec="seconds")
    words = (where, when, event.event_id, event.actor.id, event.action, event.result.value, what)
    return "  ".join(words)


def _reader(folder: Path | None) -> Reader:
    if folder:
        if not (folder / KEY_FILE).is_file():
            raise NotFound(f"{folder} holds no exported ledger", "Make one with `appguard audit export`.")
        return in_folder(folder)
    access = Access()
    return in_bucket(access.client("s3"), access.name("LEDGER_BUCKET", "LedgerBucket"))
