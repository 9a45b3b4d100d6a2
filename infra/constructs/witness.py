"""The witness: what it remembers, its key, its function; and where the platform finds it."""

from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from appguard.witness.metrics import COSIGNED, NAMESPACE, REFUSED
from infra.constructs.alarms import Happened, Reported, Silent
from infra.constructs.handler import Handler
from infra.target import Conditions, Target

ED25519: Conditions = {"StringEquals": {"kms:SigningAlgorithm": "ED25519_SHA_512"}}


@dataclass(frozen=True)
class WitnessAddress:
    """Function and key of a witness, in whichever account."""

    function_arn: str
    key_arn: str

    def grant_ask(self, handler: Handler) -> None:
        """Submit checkpoints, and check what comes back."""
        handler.allow("lambda:InvokeFunction", on=[self.function_arn])
        self.grant_check(handler)

    def grant_check(self, handler: Handler) -> None:
        """Check what it signed."""
        handler.allow("kms:GetPublicKey", on=[self.key_arn])


class WitnessKey(Construct):
    """An Ed25519 key that signs for one function and nobody else, whatever other policies say."""

    def __init__(self, scope: Construct, construct_id: str, *, target: Target) -> None:
        super().__init__(scope, construct_id)
        self._target = target
        self.key = kms.Key(
            self,
            "SigningKey",
            alias="alias/appguard-witness",
            description="Cosigns the checkpoints of AppGuard's ledger",
            key_spec=kms.KeySpec.ECC_NIST_EDWARDS25519,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=target.removal,
        )

    def grant_sign(self, handler: Handler) -> None:
        """Sign: this function, and from now on nobody else."""
        handler.allow("kms:Sign", on=[self.key.key_arn], when=ED25519)
        handler.allow("kms:GetPublicKey", on=[self.key.key_arn])
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["kms:Sign"],
                resources=["*"],
                conditions={"ArnNotLike": {"aws:PrincipalArn": self._target.principals_of(handler.role)}},
            )
        )

    def show_to(self, account: str) -> None:
        """Let another account read the public key."""
        self.key.grant(iam.AccountPrincipal(account), "kms:GetPublicKey")


class WitnessAlarms(Construct):
    """Rings when a checkpoint contradicts what was seen, and when none was shown for a day."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        Happened(
            self,
            "Contradiction",
            name="appguard-witness-contradiction",
            says="The ledger signed what contradicts what the witness saw: history was"
            " changed. The signed evidence lies in the witness's table",
            what=Reported(NAMESPACE, REFUSED),
        )
        Silent(
            self,
            "Silence",
            name="appguard-witness-silence",
            says="The ledger, which gets an entry every day, showed the witness nothing for"
            " 26 hours: is appguard-audit-cosign running, and allowed to ask?",
            what=Reported(NAMESPACE, COSIGNED),
        )
