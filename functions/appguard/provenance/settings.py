"""What provenance needs to know of the deployment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class ProvenanceSettings(Settings):
    """Where attestations are kept, and by which key they are signed."""

    bucket: str = Field(alias="ARTIFACTS_BUCKET")
    key_id: str = Field(alias="ATTESTATION_KEY_ID")


class SourceSettings(Settings):
    """Which file says where bundles may come from; without one, the deployment's own policies."""

    file: str = Field(default="", alias="SOURCES_FILE")
