"""Make a compliance report now."""

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.audit.outbox import outbox
from appguard.audit.settings import BucketSettings
from appguard.audit.signing import kms_signer
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.reports.compliance import compliance
from appguard.reports.evidence import gather
from appguard.reports.store import ReportStore


def make(days: int, clock: Clock = utc_now) -> dict[str, Any]:
    """Compute, render, store and record the report over the last `days`; says where it is."""
    import boto3  # noqa: PLC0415

    settings, s3, now = BucketSettings.from_env(), boto3.client("s3"), clock()
    apps = [app for state in State for app in catalog().in_state(state)]
    with tempfile.TemporaryDirectory() as folder:
        signer = kms_signer(boto3.client("kms"), settings.key_id)
        ledger, events = gather(s3, settings.bucket, signer, Path(folder))
    report = compliance(events, apps, ledger, now - timedelta(days=days), now)
    digests: Mapping[str, Any] = ReportStore(s3, settings.bucket).put(report)
    outbox().record(
        AuditEvent.of(
            Action.REPORT_CREATED,
            Actor.system("reports.compliance"),
            Resource(type="report", id=next(iter(digests))),
            now,
            passed=report.passed,
            days=days,
            digests=dict(digests),
        )
    )
    return {"passed": report.passed, "objects": list(digests)}
