"""The locked wheels, one layer for each extra of pyproject.toml."""

from collections.abc import Collection

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.bundle import Assets
from infra.target import Target


def layers(
    scope: Construct, target: Target, assets: Assets, only: Collection[str] = ()
) -> dict[str, lambda_.LayerVersion]:
    """A layer for each extra, or for those of `only`."""
    return {
        extra: lambda_.LayerVersion(
            scope,
            f"{extra.title()}Layer",
            code=lambda_.Code.from_asset(str(file)),
            compatible_runtimes=[target.runtime],
            compatible_architectures=[target.architecture],
            layer_version_name=f"appguard-{extra}",
            description=f"Locked wheels of the extra {extra!r}",
        )
        for extra, file in assets.layers.items()
        if not only or extra in only
    }
