"""The witness of the ledger, on its own: made to be deployed in another account, by other people."""

from typing import Any

from aws_cdk import Arn, ArnFormat, CfnOutput, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.bundle import Assets
from infra.constructs.handler import Handler, Telemetry
from infra.constructs.layers import layers
from infra.constructs.operators import Operators
from infra.constructs.table import Table
from infra.constructs.witness import WitnessAddress, WitnessAlarms, WitnessKey
from infra.functions import WITNESS
from infra.settings import Deployment
from infra.target import Target


class WitnessStack(Stack):
    """A function that cosigns what extends the last it saw; nobody else writes its table or uses its key."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        deployment: Deployment,
        ledger_key_arn: str,
        assets: Assets,
        operators: Operators | None = None,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, termination_protection=target.keeps_data, **options)
        memory = Table(self, "Memory", target=target, sort_key=False)
        wheels = layers(self, target, assets, only=WITNESS.layers)
        signing = WitnessKey(self, "Key", target=target)
        words = {
            "LEDGER_KEY_ID": ledger_key_arn,
            "LEDGER_ORIGIN": deployment.ledger_origin,
            "WITNESS_KEY_ID": signing.key.key_arn,
            "WITNESS_NAME": deployment.witness_name,
            "WITNESS_TABLE": memory.name,
        }
        witness = Handler(
            self,
            WITNESS.id,
            target=target,
            name=WITNESS.name,
            entry=WITNESS.entry,
            code=lambda_.Code.from_asset(str(assets.code)),
            layers=[wheels[layer] for layer in WITNESS.layers],
            environment=WITNESS.environment(words),
            memory_mb=WITNESS.memory_mb,
            timeout_seconds=WITNESS.timeout_seconds,
            telemetry=Telemetry(self, "Telemetry").policy,
        )
        memory.grant_get(witness)
        memory.grant_append(witness)
        signing.grant_sign(witness)
        witness.allow("kms:GetPublicKey", on=[ledger_key_arn])
        if deployment.ledger_key_arn:
            self._open_to(
                str(Arn.split(ledger_key_arn, ArnFormat.SLASH_RESOURCE_NAME).account), witness, signing
            )
        WitnessAlarms(self, "Alarms")
        # Beside the platform the same people hear both; in an account of its own it has listeners of its own.
        hearing = operators or Operators(self, "Operators", target=target, email=deployment.operators_email)
        hearing.hear(self)
        self.address = WitnessAddress(witness.function.function_arn, signing.key.key_arn)
        for name, value in {
            "WitnessFunctionArn": self.address.function_arn,
            "WitnessKeyArn": self.address.key_arn,
        }.items():
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)

    def _open_to(self, account: str, witness: Handler, signing: WitnessKey) -> None:
        """Whoever asks from the ledger's account gets nothing he could not show the world."""
        witness.function.add_permission(
            "Platform", principal=iam.AccountPrincipal(account), action="lambda:InvokeFunction"
        )
        signing.show_to(account)
