"""The parameters that make the one template an app's stack."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from appguard.apps.manifest import Manifest
from appguard.apps.model import App
from appguard.kernel.event import RetentionClass
from appguard.kernel.levels import RiskTier
from appguard.provisioning.settings import ProvisioningSettings

LOG_DAYS: Mapping[RetentionClass, int] = {
    RetentionClass.ONE_YEAR: 400,
    RetentionClass.THREE_YEARS: 1096,
    RetentionClass.SEVEN_YEARS: 2557,
}


@cache
def template() -> str:
    """The template's text; it has parameters and nothing is written into it."""
    return (Path(__file__).parent / "micro_app.template.json").read_text()


def parameters(
    app: App, manifest: Manifest, tier: RiskTier, code_key: str, region: str, settings: ProvisioningSettings
) -> dict[str, str]:
    """What the stack of `app` is to be, in CloudFormation's strings."""
    limits = manifest.runtime
    paths = [settings.connector_path(region, use.name) for use in manifest.connectors]
    return {
        "AppId": str(app.app_id),
        "ResourceName": settings.resource(app.app_id),
        "Owner": taggable(str(app.owner)),
        "Team": taggable(manifest.metadata.team),
        "Tier": tier.value,
        "Runtime": settings.runtime,
        "CodeBucket": settings.artifacts_bucket,
        "CodeKey": code_key,
        "LayerArns": settings.layer_arns,
        "BoundaryArn": settings.boundary_arn,
        "ConnectorPaths": ",".join(paths),
        "AppsApiId": settings.apps_api_id,
        "AppUrl": settings.app_url(app.app_id),
        "ConnectorsUrl": settings.connectors_url.rstrip("/"),
        "OidcIssuer": settings.oidc_issuer,
        "OidcClientId": settings.oidc_client_id,
        "OperatorsTopicArn": settings.operators_topic_arn,
        "MemoryMb": str(limits.memory_mb),
        "TimeoutSeconds": str(limits.timeout_seconds),
        "Concurrency": str(limits.concurrency),
        "LogRetentionDays": str(LOG_DAYS[manifest.lifecycle.retention]),
    }


def taggable(value: str) -> str:
    """`value` in the characters and length tags allow; `{{resolve:…}}` becomes plain text with it."""
    return re.sub(r"[^\w\s_.:/=+\-@]", "-", value)[:256]
