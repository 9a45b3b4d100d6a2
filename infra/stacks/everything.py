"""Which stacks there are: the platform's, the witness's, or both in one account."""

from aws_cdk import App

from infra.bundle import Assets
from infra.constructs.operators import Operators
from infra.constructs.witness import WitnessAddress
from infra.settings import Deployment
from infra.stacks.data import DataStack
from infra.stacks.platform import PlatformStack
from infra.stacks.witness import WitnessStack
from infra.target import Target


def stacks(app: App, target: Target, deployment: Deployment, assets: Assets) -> None:
    """The witness alone for a ledger elsewhere; else the platform, with a witness beside it or elsewhere."""
    if deployment.ledger_key_arn:
        _witness(app, target, deployment, assets, deployment.ledger_key_arn)
        return
    data = DataStack(
        app,
        "appguard-data",
        target=target,
        deployment=deployment,
        synthesizer=target.synthesizer(),
    )
    elsewhere = deployment.witness_function_arn, deployment.witness_key_arn
    witness = (
        WitnessAddress(*map(str, elsewhere))
        if all(elsewhere)
        else _witness(app, target, deployment, assets, data.ledger.key.key_arn, data.operators)
    )
    platform = PlatformStack(
        app,
        "appguard-platform",
        target=target,
        deployment=deployment,
        data=data,
        witness=witness,
        assets=assets,
        synthesizer=target.synthesizer(),
    )
    data.operators.hear(data, platform)


def _witness(
    app: App,
    target: Target,
    deployment: Deployment,
    assets: Assets,
    ledger_key_arn: str,
    operators: Operators | None = None,
) -> WitnessAddress:
    return WitnessStack(
        app,
        "appguard-witness",
        target=target,
        deployment=deployment,
        ledger_key_arn=ledger_key_arn,
        assets=assets,
        operators=operators,
        synthesizer=target.synthesizer(),
    ).address
