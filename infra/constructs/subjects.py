"""The keys of data subjects: what the ledger says of a person means nothing without one."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.handler import Handler
from infra.constructs.table import Table
from infra.target import Conditions, Target

ONE_WAY: Conditions = {"StringEquals": {"kms:MacAlgorithm": "HMAC_SHA_256"}}


class Subjects(Construct):
    """A table that no backup outlives, so that a deleted key is gone, and the KMS key of its rows' names."""

    def __init__(self, scope: Construct, construct_id: str, *, target: Target) -> None:
        super().__init__(scope, construct_id)
        self.keys = Table(self, "Keys", target=target, sort_key=False, recoverable=False)
        self.lookup = kms.Key(
            self,
            "LookupKey",
            alias="alias/appguard-subjects",
            description="Names the rows of data subjects' keys",
            key_spec=kms.KeySpec.HMAC_256,
            key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC,
            removal_policy=target.removal,
        )

    def grant_meet(self, handler: Handler) -> None:
        """Find keys and make those of subjects never seen: the broker."""
        self._grant(handler, "BatchGetItem", "PutItem")

    def grant_look_up(self, handler: Handler) -> None:
        """Find one subject's key: who answers inquiries."""
        self._grant(handler, "GetItem")

    def grant_forget(self, handler: Handler) -> None:
        """Hold or delete one subject's key."""
        self._grant(handler, "GetItem", "UpdateItem", "DeleteItem")

    def _grant(self, handler: Handler, *verbs: str) -> None:
        handler.allow(*(f"dynamodb:{verb}" for verb in verbs), on=[self.keys.table.table_arn])
        handler.allow("kms:GenerateMac", on=[self.lookup.key_arn], when=ONE_WAY)
