"""What the ledger's functions read from their environment."""

from pydantic import Field

from appguard.audit.outbox import OutboxSettings
from appguard.kernel.settings import Settings


class RelaySettings(Settings):
    """From the outbox's stream to queue and bus."""

    queue_url: str = Field(alias="LEDGER_QUEUE_URL")
    bus: str = Field(alias="EVENT_BUS")


class SweepSettings(OutboxSettings):
    """From the outbox's unsealed rows to the queue."""

    queue_url: str = Field(alias="LEDGER_QUEUE_URL")


class BucketSettings(Settings):
    """Where a ledger is read and which key vouches for it."""

    bucket: str = Field(alias="LEDGER_BUCKET")
    key_id: str = Field(alias="LEDGER_KEY_ID")
    origin: str = Field(alias="LEDGER_ORIGIN")


class LedgerReadSettings(OutboxSettings):
    """Where entries are found and read."""

    ledger: str = Field(alias="LEDGER_TABLE")
    bucket: str = Field(alias="LEDGER_BUCKET")


class SequencerSettings(OutboxSettings, BucketSettings):
    """From the queue to the ledger."""

    ledger: str = Field(alias="LEDGER_TABLE")


class WitnessedSettings(Settings):
    """Whose signatures checkpoints carry beside the ledger's own."""

    witness: str = Field(alias="WITNESS_NAME")
    witness_key_id: str = Field(alias="WITNESS_KEY_ID")


class CheckSettings(OutboxSettings, BucketSettings, WitnessedSettings):
    """Where the ledger is read that is verified, and whose signatures it must carry."""


class CosignSettings(OutboxSettings, WitnessedSettings):
    """From the ledger to its witness and back."""

    bucket: str = Field(alias="LEDGER_BUCKET")
    function: str = Field(alias="WITNESS_FUNCTION")
