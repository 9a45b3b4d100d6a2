"""What the functions of the search read from their environment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class SearchIndexSettings(Settings):
    """The ledger's bucket, and that of its index."""

    bucket: str = Field(alias="LEDGER_BUCKET")
    index: str = Field(alias="INDEX_BUCKET")


class SearchSettings(SearchIndexSettings):
    """And the key that vouches for what is found."""

    key_id: str = Field(alias="LEDGER_KEY_ID")
