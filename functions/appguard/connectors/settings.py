"""What the broker needs to know of its deployment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class ConnectorSettings(Settings):
    """Settings of `connectors.handler.serve`; catalog and outbox read their own."""

    issuer: str = Field(alias="OIDC_ISSUER")
    client_id: str = Field(alias="OIDC_CLIENT_ID")
    portal_url: str = Field(alias="PORTAL_URL")
    """Where people ask for what the broker refuses."""
    app_prefix: str = Field(default="appguard-app-", alias="APP_PREFIX")
