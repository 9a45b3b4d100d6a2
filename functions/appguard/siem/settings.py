"""What delivery reads from its environment: the ledger, the cursors, and one destination."""

from pydantic import Field

from appguard.kernel.settings import Settings


class DeliverySettings(Settings):
    """The ledger that is delivered."""

    bucket: str = Field(alias="LEDGER_BUCKET")


class CursorSettings(Settings):
    """Where is kept how far it was carried."""

    table: str = Field(alias="SIEM_TABLE")


class SplunkSettings(Settings):
    """A collector."""

    url: str = Field(alias="SIEM_SPLUNK_URL")


class OpenSearchSettings(Settings):
    """A cluster and an index, alias or data stream of it."""

    url: str = Field(alias="SIEM_OPENSEARCH_URL")
    index: str = Field(alias="SIEM_OPENSEARCH_INDEX", pattern=r"^[a-z0-9][a-z0-9._-]*$")


class LakeSettings(Settings):
    """A bucket, and whose events these are."""

    bucket: str = Field(alias="SIEM_LAKE_BUCKET")
    account: str = Field(alias="SIEM_ACCOUNT")
    region: str = Field(default="", alias="AWS_REGION")
    """Set by Lambda."""
