"""What the witness reads from its environment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class WitnessSettings(Settings):
    """Who the witness is, what it remembers, and whose checkpoints it cosigns."""

    witness: str = Field(alias="WITNESS_NAME", pattern=r"^[^\s+]+$")
    witness_key_id: str = Field(alias="WITNESS_KEY_ID")
    table: str = Field(alias="WITNESS_TABLE")
    ledger_key_id: str = Field(alias="LEDGER_KEY_ID")
    ledger_origin: str = Field(alias="LEDGER_ORIGIN")
