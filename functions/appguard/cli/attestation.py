"""`appguard attestation`: what `verify-bundle` needs, fetched from a deployment."""

from pathlib import Path
from typing import Annotated

import typer

from appguard.cli.ledger_access import Access, failed, told
from appguard.kernel.ids import AppId
from appguard.kernel.pem import public_key_pem
from appguard.provenance.documents import latest
from appguard.provenance.signing import BuilderKey

KEY_FILE = "builder-key.pem"


def attestation(
    app_id: Annotated[str, typer.Argument(metavar="APP", help="The app's id, e.g. leave-request.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Fetch an app's latest attestation, the bundle it is about, its SBOM and the builder's public key."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise failed(f"{folder} is not an empty folder")
    with told():
        access = Access()
        bucket = access.name("ARTIFACTS_BUCKET", "ArtifactsBucket")
        key = BuilderKey(access.client("kms"), access.name("ATTESTATION_KEY_ID", "AttestationKeyArn"))
        files = {**latest(access.client("s3"), bucket, AppId(app_id)), KEY_FILE: public_key_pem(key.spki)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in sorted(files.items()):
        (folder / name).write_bytes(body)
        typer.echo(f"wrote {folder / name}")
