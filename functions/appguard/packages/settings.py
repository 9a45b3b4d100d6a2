"""What the functions that know of packages read from their environment."""

from typing import Literal

from pydantic import Field

from appguard.audit.outbox import OutboxSettings
from appguard.kernel.settings import Settings

HTTPS = r"^https://[^\s?#]+[^/\s?#]$"
INDEX = r"^(?:https://[^\s?#@]+|http://127\.0\.0\.1:[0-9]+)/[^\s?#@]*[^/\s?#@]$"
"""An index stands behind https, or on this very machine."""
PYPI = "https://pypi.org/simple"


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


class IndexSettings(PackageSettings):
    """Which package index is asked; none where `url` is empty. A mirror's login stands in a secret."""

    url: str = Field(default=PYPI, alias="PACKAGE_INDEX_URL", pattern=f"^$|{INDEX}")
    secret: str = Field(default="", alias="PACKAGE_INDEX_SECRET")


class AskSettings(Settings):
    """The function that asks the index for those that reach no network themselves."""

    function: str = Field(default="", alias="PACKAGES_FUNCTION")
