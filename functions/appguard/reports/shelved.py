"""A report that is made: what is known of it without opening it."""

from pydantic import AwareDatetime, Field

from appguard.kernel.event import Actor
from appguard.kernel.record import Record
from appguard.reports.catalogue import FrameworkName
from appguard.reports.model import Period, ReportId

KINDS = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Shelved(Record):
    """One report on the shelf. `folder` is the SHA-256 of its manifest: a second attempt has another."""

    report_id: ReportId
    framework: FrameworkName
    title: str
    period: Period
    made_at: AwareDatetime
    made_for: Actor
    folder: str = Field(pattern=r"^[0-9a-f]{64}$")
    counts: dict[str, int]
    failed: tuple[str, ...]
    """Control and title of each that failed."""
    unverified: bool
    sizes: dict[str, int]
    """Bytes of each file by its name."""

    def key(self, name: str) -> str:
        """Where a file lies in the ledger's bucket."""
        return f"reports/{self.report_id}/{self.folder}/{name}"


class Locator(Record):
    """What a link in a mail leads to, and until when."""

    report_id: ReportId
    until: AwareDatetime


def content_type(name: str) -> str:
    """The media type by the file's ending."""
    return KINDS[name.rpartition(".")[2]]
