"""Gather an app's evidence from a deployment, or the ledger's part of it from an export."""

from typing import TYPE_CHECKING

from appguard.audit.reader import Reader, remembering
from appguard.gates.evidence import as_kept
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId, ReviewId
from appguard.provenance import dsse
from appguard.provenance.documents import ATTESTATION_FILE, latest
from appguard.provenance.model import Statement
from appguard.reports.evidence.pack import ENTRIES, FINDINGS, README, lines, readme

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def collect(s3: "S3Client", artifacts: str, ledger: Reader, app_id: AppId) -> dict[str, bytes]:
    """Every part but the keys, of the app's latest attested version; raises `NotFound`."""
    version = latest(s3, artifacts, app_id)
    statement = Statement.model_validate_json(dsse.read(version[ATTESTATION_FILE]).content)
    found = as_kept(s3, artifacts, ReviewId(statement.run[: len("rev-") + 24]))
    return {
        **version,
        **{f"{FINDINGS}{gate}.json": body for gate, body in found.items()},
        ENTRIES: entries(ledger, app_id),
        README: readme(app_id),
    }


def entries(ledger: Reader, app_id: AppId) -> bytes:
    """All entries about the app with their proofs, under one checkpoint a log; raises `NotFound`."""
    needle, still = f'"app_id":"{app_id}"'.encode(), remembering(ledger)
    found = (one for one in still.entries() if needle in one.body and one.event.app_id == app_id)
    body = lines(still.proof(entry) for entry in found)
    if not body:
        raise NotFound(f"the ledger has no entry about {app_id}")
    return body
