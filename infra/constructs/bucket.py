"""Buckets nobody outside can reach."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.handler import Handler
from infra.target import Target


class AccessLogs(Construct):
    """Where the other buckets log who asked for what; kept for a year."""

    def __init__(self, scope: Construct, construct_id: str, *, target: Target) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=target.tls_only,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(365))],
            removal_policy=target.removal,
        )


class Bucket(Construct):
    """Private, versioned, encrypted, logged; grants name a prefix.

    `locked_for` turns on Object Lock in compliance mode with this default retention; `gone_after` is for
    what nobody needs any more then, and can be said of one prefix alone.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        logs: AccessLogs,
        locked_for: Duration | None = None,
        gone_after: Duration | None = None,
        gone_under: str = "",
    ) -> None:
        super().__init__(scope, construct_id)
        retention = s3.ObjectLockRetention.compliance(locked_for) if locked_for else None
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            versioned=gone_after is None,
            lifecycle_rules=_removing(gone_after, gone_under) if gone_after else None,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=target.tls_only,
            server_access_logs_bucket=logs.bucket,
            server_access_logs_prefix=f"{construct_id.lower()}/",
            object_lock_enabled=bool(locked_for) or None,
            object_lock_default_retention=retention,
            removal_policy=RemovalPolicy.RETAIN if locked_for else target.removal,
        )
        self.name = self.bucket.bucket_name

    def grant_read(self, *handlers: Handler, under: str = "") -> None:
        """Read objects under a prefix. Listing is what makes a missing object a 404 and not a 403."""
        for handler in handlers:
            handler.allow(
                "s3:GetObject", "s3:GetObjectVersion", on=[self.bucket.arn_for_objects(f"{under}*")]
            )
            handler.allow("s3:ListBucket", on=[self.bucket.bucket_arn])

    def grant_put(self, *handlers: Handler, keys: str = "*") -> None:
        """Write objects whose key is like this; nothing can be deleted."""
        for handler in handlers:
            handler.allow("s3:PutObject", on=[self.bucket.arn_for_objects(keys)])

    def deny(self, *actions: str, keys: str = "*", when: dict[str, object] | None = None) -> None:
        """Forbid everybody, whatever their policies say."""
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=list(actions),
                resources=[self.bucket.bucket_arn, self.bucket.arn_for_objects(keys)],
                conditions=when,
            )
        )


def _removing(after: Duration, under: str) -> list[s3.LifecycleRule]:
    """What is older goes, also what was never uploaded to its end."""
    return [
        s3.LifecycleRule(
            prefix=under or None, expiration=after, abort_incomplete_multipart_upload_after=after
        )
    ]
