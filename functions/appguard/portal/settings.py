"""What the portal reads from its environment."""

from functools import cache
from urllib.parse import urlsplit

from pydantic import Field

from appguard.kernel.settings import Settings


class PortalSettings(Settings):
    """Where the portal lives, who vouches for people, and where their sessions are kept."""

    sessions_table: str = Field(alias="SESSIONS_TABLE")
    oidc_issuer: str = Field(alias="OIDC_ISSUER")
    oidc_client_id: str = Field(alias="OIDC_CLIENT_ID")
    portal_url: str = Field(alias="PORTAL_URL")
    apps_url: str = Field(default="", alias="APPS_URL")
    sandbox_function: str = Field(default="", alias="SANDBOX_FUNCTION")
    help_contact: str = Field(default="", alias="HELP_CONTACT")
    office_hours: str = Field(default="", alias="OFFICE_HOURS")
    recommend_model: str = Field(default="", alias="RECOMMEND_MODEL")

    @property
    def origin(self) -> str:
        """Scheme and authority of the portal, as browsers write it in `Origin`."""
        url = urlsplit(self.portal_url)
        return f"{url.scheme}://{url.netloc}"

    @property
    def secure(self) -> bool:
        """Whether the portal is served over TLS; only a laptop's loopback is not."""
        return self.portal_url.startswith("https://")

    @property
    def callback_url(self) -> str:
        """The redirect URI registered with the identity provider."""
        return self.portal_url.rstrip("/") + "/callback"


@cache
def settings() -> PortalSettings:
    """The settings of this process, read once."""
    return PortalSettings.from_env()
