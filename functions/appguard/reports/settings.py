"""What reports read from their environment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class ShelfSettings(Settings):
    """Where reports are kept, and what is known of each."""

    bucket: str = Field(alias="LEDGER_BUCKET")
    table: str = Field(alias="CATALOG_TABLE")


class SigningSettings(Settings):
    """With which key manifests are signed."""

    key_id: str = Field(alias="REPORT_KEY_ID")


class AuditorSettings(Settings):
    """Who is told of new reports: addresses, separated by commas."""

    auditors: str = Field(alias="AUDITOR_EMAIL")

    @property
    def addresses(self) -> list[str]:
        """Each address once, in the order given."""
        return list(dict.fromkeys(one.strip() for one in self.auditors.split(",") if one.strip()))
