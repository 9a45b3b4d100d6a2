"""What a micro app's function is told by its stack."""

from urllib.parse import urlsplit

from pydantic import Field

from appguard.kernel.ids import AppId
from appguard.kernel.settings import Settings


class RuntimeSettings(Settings):
    """Environment of a micro app's function."""

    app_id: AppId = Field(alias="APP_ID")
    app_url: str = Field(alias="APP_URL", pattern=r"^https?://[^?#\s]+$")
    connectors_url: str = Field(alias="CONNECTORS_URL", pattern=r"^https?://[^?#\s]+$")
    oidc_issuer: str = Field(alias="OIDC_ISSUER", pattern=r"^https?://[^?#\s]+$")
    oidc_client_id: str = Field(alias="OIDC_CLIENT_ID", min_length=1)
    session_secret: str = Field(alias="SESSION_SECRET", min_length=1)

    @property
    def base(self) -> str:
        """Path of the app without a final slash, e.g. `/apps/leave-request`."""
        return urlsplit(self.app_url).path.rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach the app over https, so that cookies must be Secure."""
        return self.app_url.startswith("https://")

    @property
    def callback_url(self) -> str:
        """Where the identity provider sends people back to; register it with the client."""
        return f"{self.app_url.rstrip('/')}/callback"
