"""`appguard audit`: search, export, verify and prove, for auditors."""

import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer

from appguard.audit.places import place
from appguard.audit.reader import Place, Reader, in_bucket, in_folder
from appguard.audit.signing import kms_signer, pem
from appguard.audit.verify import KEY_FILE
from appguard.audit.verify.command import run
from appguard.cli import holds
from appguard.cli.audit_search import search
from appguard.cli.counting import counting
from appguard.cli.ledger_access import Access, failed, told
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import EventId

app = typer.Typer(
    help="Search, export, verify and prove the ledger; hold what must stay.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
app.command("hold")(holds.hold)
app.command("release")(holds.release)
app.command("holds")(holds.holds)


From = Annotated[Path | None, typer.Option("--from", help="An exported folder instead of the live ledger.")]


@app.command()
def actions() -> None:
    """Print every action an entry can tell of (docs/actions.md)."""
    from appguard.audit.actions_page import markdown  # noqa: PLC0415 - needed here alone

    typer.echo(markdown(), nl=False)


@app.command("export")
def export_(
    folder: Annotated[Path, typer.Argument(help="A new folder, or that of an earlier export.")],
) -> None:
    """Copy the ledger and its public key into FOLDER; fetches what is not there yet."""
    from appguard.audit.export import export  # noqa: PLC0415 - reads slowly, needed here alone
    from appguard.audit.export_folder import holds_export  # noqa: PLC0415

    if folder.exists() and any(folder.iterdir()) and not holds_export(folder):
        raise failed(f"{folder} is neither empty nor an export; an export starts in an empty folder")
    with told(), counting("objects") as tell:
        access = Access()
        bucket = access.name("LEDGER_BUCKET", "LedgerBucket")
        key = kms_signer(access.client("kms"), access.name("LEDGER_KEY_ID", "LedgerKeyArn"))
        done = export(access.client("s3"), bucket, pem(key.public_key), folder, tell=tell)
    typer.echo(f"exported {done.objects} objects of {bucket} to {folder}, {done.fetched} of them fetched now")


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="An exported folder, or the file `prove` wrote.")],
    key: Annotated[Path | None, typer.Option(help="The ledger's public key: PEM, DER or vkey.")] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint you kept from earlier; may be repeated.")
    ] = None,
    witness_key: Annotated[
        list[Path] | None, typer.Option(help="A witness whose cosignature is demanded; may be repeated.")
    ] = None,
    late: Annotated[
        float, typer.Option(help="After how many days an entry counts as back-dated.", metavar="DAYS")
    ] = 1,
) -> None:
    """Verify offline; exits 1 naming the first bad object."""
    raise typer.Exit(run(path, key, checkpoint or (), witness_key or (), late))


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
        wanted = EventId(event_id)
        proof = _reader(source).prove(wanted, None if source else _place(wanted))
    file = output or Path(f"{event_id}.json")
    file.write_text(json.dumps(proof, indent=1, ensure_ascii=False) + "\n")
    typer.echo(f"wrote {file}: entry {proof['index']}")


app.command("search")(search)


def _place(event_id: EventId) -> Place | None:
    """Where the outbox says the event is; None, said aloud, when all entries have to be read for it."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    access = Access()
    tables = access.name("LEDGER_TABLE", "LedgerTable"), access.name("OUTBOX_TABLE", "OutboxTable")
    try:
        return place(access.client("dynamodb"), *tables, event_id)
    except ClientError as error:
        typer.echo(f"reading the whole ledger, for the outbox does not answer: {error}", err=True)
        return None


@app.command()
def verifier(
    output: Annotated[Path, typer.Option(help="Where to write it.")] = Path("verify.pyz"),
) -> None:
    """Write the verifier as one file that needs nothing but Python and `cryptography`."""
    from appguard.audit.verifier_archive import archive  # noqa: PLC0415 - needed here alone

    packed = archive()
    output.write_bytes(packed)
    typer.echo(f"wrote {output}: SHA-256 {hashlib.sha256(packed).hexdigest()}")


def _reader(folder: Path | None) -> Reader:
    if folder:
        if not (folder / KEY_FILE).is_file():
            raise NotFound(f"{folder} holds no exported ledger", "Make one with `appguard audit export`.")
        return in_folder(folder)
    access = Access()
    return in_bucket(access.client("s3"), access.name("LEDGER_BUCKET", "LedgerBucket"))
