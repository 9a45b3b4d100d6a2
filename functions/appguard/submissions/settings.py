"""What submissions need to know of the deployment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class SubmissionSettings(Settings):
    """Where the portal is: people look there, and the tokens of CI runs are made for it."""

    portal_url: str = Field(alias="PORTAL_URL")

    @property
    def portal(self) -> str:
        """Its address as people and tokens write it."""
        return self.portal_url.rstrip("/")
