"""What a report rests on: the ledger, copied and verified like an auditor would."""

from pathlib import Path
from typing import TYPE_CHECKING

from appguard.audit.checkpoint import Signer
from appguard.audit.export import export
from appguard.audit.reader import in_folder
from appguard.audit.signing import pem
from appguard.audit.verify import Bad, Key, verify_export
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent
from appguard.reports.model import LedgerCheck, LogLine

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def gather(
    client: "S3Client", bucket: str, signer: Signer, folder: Path
) -> tuple[LedgerCheck, list[AuditEvent]]:
    """Verify the ledger, and read it: whatever cannot be verified is read as far as it goes."""
    export(client, bucket, pem(signer.public_key), folder)
    return _check(folder, signer), _events(folder)


def _check(folder: Path, signer: Signer) -> LedgerCheck:
    try:
        logs = verify_export(folder, [Key(signer.public_key)])
    except Bad as bad:
        return LedgerCheck(bad=str(bad))
    return LedgerCheck(
        logs=tuple(
            LogLine(log=name, entries=log.size, checkpoints=log.checkpoints, root=log.latest.root.hex())
            for name, log in logs.items()
        )
    )


def _events(folder: Path) -> list[AuditEvent]:
    events: list[AuditEvent] = []
    try:
        events.extend(entry.event for entry in in_folder(folder).entries())
    except (NotFound, ValueError):
        return events
    return events
