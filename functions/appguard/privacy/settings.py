"""What is needed to know of data subjects."""

from pydantic import Field

from appguard.kernel.settings import Settings


class PrivacySettings(Settings):
    """The table of subjects' keys, and the KMS key under which they are looked up."""

    table: str = Field(alias="SUBJECTS_TABLE")
    lookup_key_id: str = Field(alias="SUBJECTS_LOOKUP_KEY_ID")
