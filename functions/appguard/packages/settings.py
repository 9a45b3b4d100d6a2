"""What the functions that know of packages read from their environment."""

from typing import Literal

from pydantic import Field

from appguard.audit.outbox import OutboxSettings
from appguard.kernel.settings import Settings

HTTPS = r"^https://[^\s?#]+[^/\s?#]$"


class PackageSettings(Settings):
    """Where knowledge of packages is kept, and who is asked for vulnerabilities."""

    bucket: str = Field(alias="ARTIFACTS_BUCKET")
    source: Literal["osv", "inspector"] = Field(default="osv", alias="ADVISORY_SOURCE")


class SyncSettings(PackageSettings, OutboxSettings):
    """Where that knowledge comes from."""

    osv_url: str = Field(
        default="https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip",
        alias="OSV_URL",
        pattern=HTTPS,
    )
    index_url: str = Field(default="https://pypi.org/pypi", alias="PACKAGE_INDEX_URL", pattern=HTTPS)
