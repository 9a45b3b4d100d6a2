"""What delivery reads from its environment: the ledger and the cursors; each destination has more."""

from pydantic import Field

from appguard.kernel.settings import Settings


class DeliverySettings(Settings):
    """The ledger that is delivered."""

    bucket: str = Field(alias="LEDGER_BUCKET")


class CursorSettings(Settings):
    """Where is kept how far it was carried."""

    table: str = Field(alias="SIEM_TABLE")
