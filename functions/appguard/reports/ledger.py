"""What a report rests on: an exported ledger, verified like an auditor would, then read."""

import base64
from collections.abc import Iterator
from pathlib import Path

from appguard.audit.reader import in_folder
from appguard.audit.verify import Bad, Key, verify_export
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent
from appguard.reports.model import LedgerCheck, LogLine


def check(folder: Path, keys: list[Key]) -> LedgerCheck:
    """What the offline verifier says of the export in `folder`."""
    try:
        logs = verify_export(folder, keys)
    except Bad as bad:
        return LedgerCheck(bad=str(bad))
    return LedgerCheck(
        logs=tuple(
            LogLine(
                log=name,
                entries=log.size,
                checkpoints=log.checkpoints,
                root=base64.b64encode(log.latest.root).decode(),
            )
            for name, log in logs.items()
        )
    )


def events(folder: Path) -> Iterator[AuditEvent]:
    """The entries of every log, as far as they can be read: what cannot, the check has named."""
    try:
        for entry in in_folder(folder).entries():
            yield entry.event
    except (NotFound, ValueError):
        return
