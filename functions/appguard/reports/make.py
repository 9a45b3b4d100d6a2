"""Make reports: copy the ledger, compute, sign the manifest, store, and say so."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from appguard.audit.export import export
from appguard.audit.outbox import outbox
from appguard.audit.settings import BucketSettings
from appguard.audit.signing import kms_signer, pem
from appguard.audit.verify import Key
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import AuditEvent, Resource, Role
from appguard.kernel.ids import EventId
from appguard.provenance.signing import BuilderKey
from appguard.reports.catalogue import Catalogue, catalogue
from appguard.reports.compose import Composed, compose
from appguard.reports.manifest import SIGNED, manifest, sealed
from appguard.reports.model import ReportId
from appguard.reports.order import Order, due
from appguard.reports.settings import ShelfSettings, SigningSettings
from appguard.reports.shelved import Shelved
from appguard.reports.store import ReportStore


@dataclass(frozen=True)
class Making:
    """Makes each ordered report once; `copy` puts the ledger into a folder and gives the key it is under."""

    store: ReportStore
    copy: Callable[[Path], Key]
    key: Callable[[], BuilderKey]
    catalogue: Catalogue
    clock: Clock = utc_now

    def due(self) -> list[str]:
        """Make what the calendar asks for and is not there yet; their ids."""
        return self.make(list(due(self.catalogue, self.clock())))

    def make(self, orders: Sequence[Order]) -> list[str]:
        """Make those of `orders` that are not there yet; their ids.

        What the calendar asks for is left out when the ledger did not begin before its period ended.
        """
        wanted = [order for order in orders if self.store.find(order.report_id) is None]
        if not wanted:
            return []
        with tempfile.TemporaryDirectory() as name:
            key, now = self.copy(Path(name)), self.clock()
            return [
                self._shelve(composed, now)
                for composed in compose(Path(name), [key], wanted, self.catalogue, now)
                if composed.report.figures.entries or composed.order.by.role is not Role.SYSTEM
            ]

    def _shelve(self, made: Composed, now: datetime) -> ReportId:
        payload, key = manifest(made.report, made.files), self.key()
        files = {**made.files, SIGNED: sealed(payload, key.keyid, key.sign)}
        shelved = Shelved(
            report_id=made.report.report_id,
            framework=made.report.framework,
            title=made.report.title,
            period=made.report.figures.period,
            made_at=now,
            made_for=made.order.by,
            folder=hashlib.sha256(payload).hexdigest(),
            counts=made.report.counts,
            failed=tuple(f"{control.control} {control.title}" for control in made.report.failed),
            unverified=made.report.figures.ledger.bad is not None,
            sizes={name: len(body) for name, body in files.items()},
        )
        self.store.put(shelved, files, _created(made, shelved, now))
        return shelved.report_id


def _created(made: Composed, shelved: Shelved, now: datetime) -> AuditEvent:
    return AuditEvent.of(
        Action.REPORT_CREATED,
        made.order.by,
        Resource(type="report", id=shelved.report_id),
        now,
        event_id=EventId.of(Action.REPORT_CREATED, shelved.report_id),
        framework=shelved.framework.value,
        since=shelved.period.since.isoformat(),
        until=shelved.period.until.isoformat(),
        controls=dict(shelved.counts),
        ledger_verifies=not shelved.unverified,
        manifest=shelved.folder,
    )


@cache
def making() -> Making:
    """Making reports in this deployment."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    s3, kms, ledger, shelf = (
        boto3.client("s3"),
        boto3.client("kms"),
        BucketSettings.from_env(),
        ShelfSettings.from_env(),
    )

    def copy(folder: Path) -> Key:
        signer = kms_signer(kms, ledger.key_id)
        export(s3, ledger.bucket, pem(signer.public_key), folder)
        return Key(signer.public_key)

    return Making(
        store=ReportStore(s3, boto3.client("dynamodb"), outbox(), shelf.bucket, shelf.table),
        copy=copy,
        key=cache(lambda: BuilderKey(kms, SigningSettings.from_env().key_id)),
        catalogue=catalogue(),
    )
