"""`appguard attestation`: what `verify-bundle` needs, fetched from a deployment."""

from pathlib import Path
from typing import Annotated

import typer

from appguard.cli.ledger_access import CHECK, Access
from appguard.kernel.errors import AppGuardError
from appguard.kernel.ids import AppId
from appguard.provenance.documents import latest
from appguard.provenance.signing import BuilderKey, pem

KEY_FILE = "builder-key.pem"
IMPOSSIBLE = 3


def attestation(
    app_id: Annotated[str, typer.Argument(metavar="APP", help="The app's id, e.g. leave-request.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Fetch an app's latest attestation, the bundle it is about, its SBOM and the builder's public key."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _failed(f"{folder} is not an empty folder")
    try:
        access = Access()
        bucket = access.name("ARTIFACTS_BUCKET", "ArtifactsBucket")
        key = BuilderKey(access.client("kms"), access.name("ATTESTATION_KEY_ID", "AttestationKeyArn"))
        files = {**latest(access.client("s3"), bucket, AppId(app_id)), KEY_FILE: pem(key.spki)}
    except AppGuardError as error:
        raise _failed(f"{error.message}. {error.advice}") from error
    except (BotoCoreError, ClientError) as error:
        raise _failed(f"{error}. {CHECK}") from error
    except ValueError as error:
        raise _failed(str(error)) from error
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in sorted(files.items()):
        (folder / name).write_bytes(body)
        typer.echo(f"wrote {folder / name}")


def _failed(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(IMPOSSIBLE)
