"""A key that signs statements of one kind."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.handler import Handler
from infra.target import Conditions, Target

BY_DIGEST: Conditions = {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}}


class SigningKey(Construct):
    """A P-256 key for one purpose alone: who signs the ledger cannot vouch for a bundle or a report."""

    def __init__(
        self, scope: Construct, construct_id: str, *, target: Target, alias: str, signs: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "SigningKey",
            alias=f"alias/{alias}",
            description=f"Signs {signs}",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=target.removal,
        )

    def grant_sign(self, handler: Handler) -> None:
        """Sign: one function alone."""
        handler.allow("kms:Sign", on=[self.key.key_arn], when=BY_DIGEST)
        handler.allow("kms:GetPublicKey", on=[self.key.key_arn])

    def grant_verify(self, *handlers: Handler) -> None:
        """Ask KMS whether a signature holds."""
        for handler in handlers:
            handler.allow("kms:Verify", on=[self.key.key_arn], when=BY_DIGEST)
            handler.allow("kms:GetPublicKey", on=[self.key.key_arn])
