"""The key that signs how bundles came to be approved."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.handler import Handler
from infra.target import Conditions, Target

BY_DIGEST: Conditions = {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}}


class Attestations(Construct):
    """A P-256 key of its own: whoever may sign the ledger cannot vouch for a bundle, nor the reverse."""

    def __init__(self, scope: Construct, construct_id: str, *, target: Target) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "SigningKey",
            alias="alias/appguard-attestations",
            description="Signs the provenance of AppGuard's bundles",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=target.removal,
        )

    def grant_sign(self, handler: Handler) -> None:
        """Sign: the step that attests, alone."""
        handler.allow("kms:Sign", on=[self.key.key_arn], when=BY_DIGEST)

    def grant_verify(self, *handlers: Handler) -> None:
        """Ask KMS whether a signature holds."""
        for handler in handlers:
            handler.allow("kms:Verify", on=[self.key.key_arn], when=BY_DIGEST)
            handler.allow("kms:GetPublicKey", on=[self.key.key_arn])
