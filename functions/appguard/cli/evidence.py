"""`appguard evidence`: one archive with all that tells how an app came to be and what it did."""

from pathlib import Path
from typing import Annotated

import typer

from appguard.cli.ledger_access import Access, failed, told

UNVERIFIED = 1

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def evidence() -> None:
    """Make and verify the evidence pack of one app."""


@app.command()
def make(
    app_id: Annotated[str, typer.Argument(metavar="APP", help="The app's id, e.g. leave-request.")],
    output: Annotated[Path, typer.Option("--output", metavar="ZIP", help="The archive to write.")],
) -> None:
    """Gather the latest attested version, its findings, and every entry about the app with its proof."""
    from appguard.audit.reader import in_bucket  # noqa: PLC0415 - `verify` needs none of this
    from appguard.audit.signing import kms_signer, pem  # noqa: PLC0415 - likewise
    from appguard.kernel.ids import AppId  # noqa: PLC0415 - likewise
    from appguard.kernel.pem import public_key_pem  # noqa: PLC0415 - likewise
    from appguard.provenance.signing import BuilderKey  # noqa: PLC0415 - likewise
    from appguard.reports.evidence.collect import collect  # noqa: PLC0415 - likewise
    from appguard.reports.evidence.pack import BUILDER_KEY, ENTRIES, LEDGER_KEY, zipped  # noqa: PLC0415

    if output.exists():
        raise failed(f"{output} is there already")
    with told():
        access = Access()
        s3, kms = access.client("s3"), access.client("kms")
        ledger = in_bucket(s3, access.name("LEDGER_BUCKET", "LedgerBucket"))
        parts = collect(s3, access.name("ARTIFACTS_BUCKET", "ArtifactsBucket"), ledger, AppId(app_id))
        ledger_key = kms_signer(kms, access.name("LEDGER_KEY_ID", "LedgerKeyArn")).public_key
        builder_key = BuilderKey(kms, access.name("ATTESTATION_KEY_ID", "AttestationKeyArn")).spki
    parts |= {LEDGER_KEY: pem(ledger_key), BUILDER_KEY: public_key_pem(builder_key)}
    output.write_bytes(zipped(parts))
    entries = len(parts[ENTRIES].splitlines())
    typer.echo(f"wrote {output}: {len(parts)} parts, {entries} entries of the ledger")


@app.command()
def verify(
    pack: Annotated[Path, typer.Argument(metavar="ZIP", help="The archive.")],
    key: Annotated[Path, typer.Option(help="The ledger's public key.")],
    builder_key: Annotated[Path, typer.Option(help="The builder's public key.")],
) -> None:
    """Verify offline every part of a pack: version, attestation, findings, and each entry's proof."""
    from appguard.audit.verify import load_keys as ledger_keys  # noqa: PLC0415 - `make` needs none of this
    from appguard.provenance.key_file import load_keys as builder_keys  # noqa: PLC0415 - likewise
    from appguard.reports.evidence.pack import EvidenceUnverified, unzipped  # noqa: PLC0415 - likewise
    from appguard.reports.evidence.verify import verify as verified  # noqa: PLC0415 - likewise

    try:
        keys, builder, packed = (
            ledger_keys(key.read_bytes()),
            builder_keys(builder_key.read_bytes()),
            pack.read_bytes(),
        )
    except OSError as error:
        raise failed(f"cannot read {error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise failed(f"cannot read a key: {error}") from error
    try:
        held = verified(unzipped(packed), keys, builder)
    except EvidenceUnverified as bad:
        raise failed(f"BAD {bad.message}", UNVERIFIED) from bad
    typer.echo(f"ok {held.app_id} {held.bundle_digest}")
    typer.echo(f"   requester  {held.requester}")
    typer.echo(f"   approved   {held.decided_by}")
    typer.echo(f"   findings   of {held.findings} gates, as the attestation names them")
    typer.echo(f"   entries    {held.entries}, each proven")
