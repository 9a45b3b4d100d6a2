"""`appguard verify-bundle`: does this bundle carry an attestation that holds? Files only, no network."""

from pathlib import Path
from typing import Annotated

import typer

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import MAX_BYTES
from appguard.kernel.errors import AppGuardError
from appguard.provenance.dsse import Unreadable
from appguard.provenance.key_file import load_keys
from appguard.provenance.model import PortalSource, Statement
from appguard.provenance.verify import Expected, verify

UNVERIFIED, IMPOSSIBLE = 1, 3


def verify_bundle(
    path: Annotated[Path, typer.Argument(metavar="DIR|ZIP", help="The bundle: a folder or a zip.")],
    attestation: Annotated[Path, typer.Option("--attestation", help="The DSSE envelope.")],
    key: Annotated[
        Path, typer.Option("--key", help="The builder's public key: DER, or PEM, which may hold several.")
    ],
) -> None:
    """Verify offline how a bundle came to be approved.

    Exit code: 0 it holds, 1 it does not and this says why, 3 the check itself could not run.
    """
    try:
        keys, envelope = load_keys(key.read_bytes()), attestation.read_bytes()
        packed = None if path.is_dir() else _some(path)
    except Unreadable as error:
        raise _said(f"cannot read {key}: {error}", IMPOSSIBLE) from error
    except OSError as error:
        raise _said(f"cannot read {error.filename}: {error.strerror}", IMPOSSIBLE) from error
    try:
        bundle = Bundle.from_dir(path) if packed is None else Bundle.from_zip(packed)
        about = Expected(bundle.manifest().metadata.id, bundle.digest)
        statement = verify(envelope, keys, about)
    except AppGuardError as error:
        raise _said(f"BAD {path}: {error.message}", UNVERIFIED) from error
    except OSError as error:
        raise _said(f"cannot read {error.filename}: {error.strerror}", IMPOSSIBLE) from error
    typer.echo(_summary(statement, about))


def _some(path: Path) -> bytes:
    """The archive, or as much of it as shows that it is too large."""
    with path.open("rb") as file:
        return file.read(4 * MAX_BYTES)


def _summary(statement: Statement, about: Expected) -> str:
    build = statement.predicate.build_definition
    source, run = statement.source, statement.predicate.run_details.metadata
    origin = (
        f"the portal, draft {source.draft}"
        if isinstance(source, PortalSource)
        else f"{source.repository} {source.ref} at {source.commit}"
    )
    found = build.internal_parameters
    rests = f"rests on approval {found.rests_on}" if found.rests_on else "nobody had to be asked"
    return "\n".join(
        (
            f"ok {about.app_id} {about.digest}",
            f"   source     {origin}",
            f"   requester  {build.external_parameters.requester}",
            f"   approved   {run.finished_on.isoformat()}  {found.decided_by or rests}",
            f"   run        {run.invocation_id}",
            f"   builder    {statement.predicate.run_details.builder.id}",
        )
    )


def _said(message: str, code: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)
