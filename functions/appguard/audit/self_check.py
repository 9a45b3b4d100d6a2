"""The platform verifies its own ledger as an auditor would, and says in the ledger how that ended."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pydantic import JsonValue

from appguard.audit.checkpoint import Signer
from appguard.audit.export import export
from appguard.audit.outbox import Outbox
from appguard.audit.signing import pem
from appguard.audit.verify import Bad, Key, Log, verify_export
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor, AuditEvent, Resource, Result

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAMESPACE, HOLDS = "AppGuard", "LedgerHolds"
CHECKER = Actor.system("appguard-audit-verify")


@dataclass(frozen=True)
class SelfCheck:
    """One ledger, its key and its witness's."""

    s3: "S3Client"
    bucket: str
    signer: Signer
    witness: Key
    outbox: Outbox
    clock: Clock = utc_now

    def run(self) -> bool | None:
        """Whether the ledger holds; None while it is empty, which proves nothing."""
        with TemporaryDirectory() as name:
            folder = Path(name)
            export(self.s3, self.bucket, pem(self.signer.public_key), folder)
            if not any(folder.glob("?y")):
                return None
            try:
                logs = verify_export(folder, [Key(self.signer.public_key)], witnesses=self._witnesses(folder))
            except Bad as bad:
                self._say({}, bad)
                return False
        self._say(logs, None)
        return True

    def _witnesses(self, folder: Path) -> list[Key]:
        """The witness, once it saw every log: of one that began a minute ago it saw nothing yet."""
        return [self.witness] if all((log / "witness").is_dir() for log in folder.glob("?y")) else []

    def _say(self, logs: dict[str, Log], bad: Bad | None) -> None:
        """The metric first: the ledger may be past taking an entry."""
        _publish(0 if bad else 1)
        seen: dict[str, JsonValue] = {
            name: {"size": log.size, "root": log.latest.root.hex()} for name, log in logs.items()
        }
        self.outbox.record(
            AuditEvent.of(
                Action.LEDGER_VERIFIED,
                CHECKER,
                Resource(type="ledger", id=self.bucket),
                self.clock(),
                result=Result.FAILURE if bad else Result.SUCCESS,
                logs=seen,
                bad=f"{bad.path}: {bad.reason}" if bad else None,
            )
        )


def _publish(holds: int) -> None:
    """One line of the log that CloudWatch reads as a metric (embedded metric format)."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415 - on first use

    with single_metric(name=HOLDS, unit=MetricUnit.Count, value=holds, namespace=NAMESPACE):
        pass
