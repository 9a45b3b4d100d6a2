"""Where reports are kept: in the ledger's bucket, under the same lock as the entries they rest on."""

import hashlib
from typing import TYPE_CHECKING

from appguard.audit.objects import LedgerObjects
from appguard.kernel.event import RetentionClass
from appguard.reports.model import Report
from appguard.reports.render import html, machine_readable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEPT = RetentionClass.SEVEN_YEARS


class ReportStore:
    """Writes reports once."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        """`bucket` is the ledger's."""
        self._objects = LedgerObjects(client, bucket)

    def put(self, report: Report) -> dict[str, str]:
        """Store the report in both forms; returns the digest of each by its key."""
        stem = f"reports/compliance/{report.generated_at:%Y-%m-%dT%H%M%SZ}"
        forms = {f"{stem}.json": machine_readable(report), f"{stem}.html": html(report)}
        for key, body in forms.items():
            self._objects.put_once(KEPT, key, body)
        return {key: hashlib.sha256(body).hexdigest() for key, body in forms.items()}
