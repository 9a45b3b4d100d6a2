"""Who may place and release legal holds on the ledger: people who are given this policy, and no function."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.ledger import Ledger
from infra.constructs.table import Table

POLICY = "appguard-legal-holds"


class LegalHolds(Construct):
    """A policy to attach to the role of those who hold evidence: security or legal, not the platform team."""

    def __init__(self, scope: Construct, construct_id: str, *, ledger: Ledger, outbox: Table) -> None:
        super().__init__(scope, construct_id)
        bucket, rows = ledger.bucket.bucket, ledger.heads.table.table_arn
        iam.ManagedPolicy(
            self,
            "Policy",
            managed_policy_name=POLICY,
            description="Place and release legal holds on AppGuard's ledger (appguard audit hold, release)",
            statements=[
                _allow(
                    "s3:PutObjectLegalHold",
                    "s3:GetObject",
                    "s3:GetObjectVersion",
                    on=bucket.arn_for_objects("*"),
                ),
                _allow("s3:ListBucket", "s3:ListBucketVersions", on=bucket.bucket_arn),
                _allow("dynamodb:GetItem", "dynamodb:Query", on=rows),
                iam.PolicyStatement(
                    actions=["dynamodb:PutItem", "dynamodb:DeleteItem"],
                    resources=[rows],
                    conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "HOLDS"}},
                ),
                _allow("dynamodb:PutItem", on=outbox.table.table_arn),
            ],
        )


def _allow(*actions: str, on: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=[on])
