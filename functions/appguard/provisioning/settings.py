"""What provisioning needs to know of the deployment."""

from pydantic import Field

from appguard.kernel.ids import AppId
from appguard.kernel.settings import Settings


class ProvisioningSettings(Settings):
    """Where apps' code comes from, what bounds them, and which addresses they are told."""

    artifacts_bucket: str = Field(alias="ARTIFACTS_BUCKET")
    runtime_bucket: str = Field(alias="APP_RUNTIME_BUCKET")
    runtime_key: str = Field(alias="APP_RUNTIME_KEY")
    layer_arns: str = Field(default="", alias="APP_LAYER_ARNS")
    runtime: str = Field(default="python3.13", alias="APP_RUNTIME")
    boundary_arn: str = Field(alias="APP_BOUNDARY_ARN", pattern=r"^arn:[^:]+:iam::[0-9]{12}:policy/.+$")
    stack_role_arn: str | None = Field(default=None, alias="APP_STACK_ROLE_ARN")
    prefix: str = Field(default="appguard-app-", alias="APP_PREFIX")
    apps_api_id: str = Field(alias="APPS_API_ID")
    connectors_api_id: str = Field(alias="CONNECTORS_API_ID")
    apps_url: str = Field(alias="APPS_URL")
    connectors_url: str = Field(alias="CONNECTORS_URL")
    oidc_issuer: str = Field(alias="OIDC_ISSUER")
    oidc_client_id: str = Field(alias="OIDC_CLIENT_ID")
    operators_topic_arn: str = Field(alias="OPERATORS_TOPIC_ARN")

    def resource(self, app_id: AppId) -> str:
        """Name of the app's stack, function and role."""
        return f"{self.prefix}{app_id}"

    def app_url(self, app_id: AppId) -> str:
        """Where people reach the app."""
        return f"{self.apps_url.rstrip('/')}/apps/{app_id}"

    def connector_path(self, region: str, connector: str) -> str:
        """The paths of one connector on the connector API, as IAM names them."""
        _, partition, _, _, account, _ = self.boundary_arn.split(":", 5)
        api = f"arn:{partition}:execute-api:{region}:{account}:{self.connectors_api_id}"
        return f"{api}/*/POST/connectors/{connector}/*"


def secret_id(app_id: AppId) -> str:
    """Name of the app's own secret."""
    return f"appguard/apps/{app_id}"
