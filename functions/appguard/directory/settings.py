"""What the directory reads from its environment."""

from pydantic import Field

from appguard.kernel.settings import Settings

ROOT = "/scim/v2"


class DirectorySettings(Settings):
    """Where people are kept."""

    table: str = Field(alias="DIRECTORY_TABLE")


class ScimSettings(Settings):
    """Where the portal is: the SCIM service answers below it."""

    portal_url: str = Field(alias="PORTAL_URL")

    @property
    def at(self) -> str:
        """The address clients are given."""
        return self.portal_url.rstrip("/") + ROOT
