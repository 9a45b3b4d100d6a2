"""The immutable, signed, append-only log."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from appguard.kernel.event import RetentionClass
from infra.constructs.bucket import AccessLogs, Bucket
from infra.constructs.handler import Handler
from infra.constructs.queue import Queue
from infra.constructs.table import Table
from infra.target import Target

SHORTEST_RETENTION = Duration.days(365)
LONGEST_RETENTION_DAYS = 8 * 366


class Ledger(Construct):
    """Bucket under Object Lock, Ed25519 signing key, the queue entries arrive on, and the log heads.

    Object Lock alone does not stop a delete marker from hiding an entry, so the bucket policy
    denies deletion to everybody, and retention can neither be shortened nor set beyond reason.
    """

    def __init__(self, scope: Construct, construct_id: str, *, target: Target, logs: AccessLogs) -> None:
        super().__init__(scope, construct_id)
        self.bucket = Bucket(self, "Ledger", target=target, logs=logs, locked_for=SHORTEST_RETENTION)
        self.heads = Table(self, "Heads", target=target)
        self.queue = Queue(self, "Inbox", target=target, visible_after=Duration.minutes(12), attempts=5)
        self.key = kms.Key(
            self,
            "SigningKey",
            alias="alias/appguard-ledger",
            description="Signs the checkpoints of AppGuard's ledger",
            key_spec=kms.KeySpec.ECC_NIST_EDWARDS25519,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=target.removal,
        )
        self.bucket.deny("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention")
        for log in RetentionClass:
            self._demand_retention(log)
        self.bucket.deny(
            "s3:PutObjectRetention",
            "s3:PutObject",
            when={
                "NumericGreaterThan": {"s3:object-lock-remaining-retention-days": str(LONGEST_RETENTION_DAYS)}
            },
        )

    def _demand_retention(self, log: RetentionClass) -> None:
        """By S3's clock, not the writer's: nothing of a log is stored for less than its class demands."""
        demanded = {"s3:object-lock-remaining-retention-days": str(365 * log.years)}
        for keys in (f"{log}/*", f"batches/{log}/*"):
            self.bucket.deny("s3:PutObject", keys=keys, when={"NumericLessThan": demanded})

    def grant_append(self, handler: Handler) -> None:
        """Add entries, tiles and checkpoints, and sign: the sequencer alone."""
        self.bucket.grant_read(handler)
        self.bucket.grant_put(handler)
        handler.allow("s3:PutObjectRetention", on=[self.bucket.bucket.arn_for_objects("*")])
        handler.allow("s3:ListBucketVersions", on=[self.bucket.bucket.bucket_arn])
        self.heads.grant_read(handler)
        self.heads.grant_write(handler)
        handler.allow("dynamodb:BatchWriteItem", on=[self.heads.table.table_arn])
        handler.allow(
            "kms:Sign",
            on=[self.key.key_arn],
            when={"StringEquals": {"kms:SigningAlgorithm": "ED25519_SHA_512"}},
        )
        handler.allow("kms:GetPublicKey", on=[self.key.key_arn])

    def show_key_to(self, account: str) -> None:
        """Let another account, the witness's, read the public key."""
        self.key.grant(iam.AccountPrincipal(account), "kms:GetPublicKey")

    def grant_add_cosigned(self, handler: Handler) -> None:
        """Read tiles, and put checkpoints with the witness's signature beside the others."""
        self.bucket.grant_read(handler)
        for log in RetentionClass:
            self.bucket.grant_put(handler, keys=f"{log}/witness/*")
            keys = self.bucket.bucket.arn_for_objects(f"{log}/witness/*")
            handler.allow("s3:PutObjectRetention", on=[keys])
        handler.allow("s3:ListBucketVersions", on=[self.bucket.bucket.bucket_arn])

    def grant_entries(self, *handlers: Handler) -> None:
        """Read entries and what is signed of them."""
        self.bucket.grant_read(*handlers)
        for handler in handlers:
            handler.allow("s3:ListBucketVersions", on=[self.bucket.bucket.bucket_arn])

    def grant_key(self, *handlers: Handler) -> None:
        """Read the public key, to verify."""
        for handler in handlers:
            handler.allow("kms:GetPublicKey", on=[self.key.key_arn])

    def grant_read(self, *handlers: Handler) -> None:
        """Read and verify, the locks included."""
        self.grant_entries(*handlers)
        self.grant_key(*handlers)
        self.heads.grant_read(*handlers)
        for handler in handlers:
            handler.allow("s3:GetObjectRetention", on=[self.bucket.bucket.arn_for_objects("*")])

    def grant_read_entries(self, handler: Handler) -> None:
        """Read entries alone, without what verifies them."""
        self.bucket.grant_read(handler)
        handler.allow("s3:ListBucketVersions", on=[self.bucket.bucket.bucket_arn])

    def grant_publish(self, handler: Handler, *, under: str) -> None:
        """Put finished documents, such as reports, under the same lock as the entries."""
        self.bucket.grant_put(handler, keys=f"{under}*")
        handler.allow("s3:PutObjectRetention", on=[self.bucket.bucket.arn_for_objects(f"{under}*")])
