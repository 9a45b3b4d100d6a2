"""What must never be lost: tables, buckets, the ledger."""

from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from appguard.audit.search.segments import GROWING
from infra.constructs.access_trail import AccessTrail
from infra.constructs.bucket import AccessLogs, Bucket
from infra.constructs.ledger import Ledger
from infra.constructs.operators import Operators
from infra.constructs.signing_key import SigningKey
from infra.constructs.subjects import Subjects
from infra.constructs.table import Index, Table
from infra.settings import Deployment
from infra.target import Target

CATALOG_INDEXES = (
    Index("by_owner", "gsi1pk", "gsi1sk"),
    Index("by_state", "gsi2pk", "gsi2sk"),
    Index("by_due", "gsi3pk", "gsi3sk"),
)


class DataStack(Stack):
    """State, apart from the code that changes often, so that a deployment of code cannot touch it."""

    def __init__(
        self, scope: Construct, construct_id: str, *, target: Target, deployment: Deployment, **options: Any
    ) -> None:
        super().__init__(scope, construct_id, termination_protection=target.keeps_data, **options)
        self.catalog = Table(self, "Catalog", target=target, indexes=CATALOG_INDEXES, expires="expires")
        self.outbox = Table(
            self,
            "Outbox",
            target=target,
            indexes=(Index("unsealed", "unsealed", "at", carries=("retention_class",)),),
            stream=dynamodb.StreamViewType.NEW_IMAGE,
        )
        self.siem = Table(self, "Siem", target=target)
        self.sessions = Table(self, "Sessions", target=target, sort_key=False, expires="expires")
        self.directory = Table(
            self, "Directory", target=target, indexes=(Index("listed", "gsi1pk", "gsi1sk"),)
        )
        self.budgets = Table(self, "Budgets", target=target, sort_key=False, expires="expires")
        logs = AccessLogs(self, "AccessLogs", target=target)
        self.artifacts = Bucket(self, "Artifacts", target=target, logs=logs)
        self.archive = Bucket(self, "Archive", target=target, logs=logs)
        self.results = Bucket(self, "Results", target=target, logs=logs, gone_after=Duration.days(1))
        self.index = Bucket(
            self, "SearchIndex", target=target, logs=logs, gone_after=Duration.days(2), gone_under=GROWING
        )
        self.ledger = Ledger(self, "Ledger", target=target, logs=logs)
        if target.records_access:
            AccessTrail(self, "AccessTrail", target=target, logs=logs, of=self.ledger.bucket)
        if deployment.witness_account:
            self.ledger.show_key_to(deployment.witness_account)
        self.attestations = SigningKey(
            self,
            "Attestations",
            target=target,
            alias="appguard-attestations",
            signs="the provenance of AppGuard's bundles",
        )
        self.reports = SigningKey(
            self,
            "Reports",
            target=target,
            alias="appguard-reports",
            signs="the manifests of AppGuard's compliance reports",
        )
        self.subjects = Subjects(self, "Subjects", target=target)
        # Here because whoever confirmed to listen must not be asked again after a deployment of code.
        self.operators = Operators(self, "Operators", target=target, email=deployment.operators_email)
        for name, value in {
            "CatalogTable": self.catalog.name,
            "OutboxTable": self.outbox.name,
            "SessionsTable": self.sessions.name,
            "BudgetsTable": self.budgets.name,
            "DirectoryTable": self.directory.name,
            "SubjectsTable": self.subjects.keys.name,
            "SiemTable": self.siem.name,
            "LedgerTable": self.ledger.heads.name,
            "ArtifactsBucket": self.artifacts.name,
            "ArchiveBucket": self.archive.name,
            "LedgerBucket": self.ledger.bucket.name,
            "LedgerQueueUrl": self.ledger.queue.url,
            "LedgerKeyArn": self.ledger.key.key_arn,
            "AttestationKeyArn": self.attestations.key.key_arn,
            "ReportKeyArn": self.reports.key.key_arn,
            "OperatorsTopicArn": self.operators.topic.topic_arn,
        }.items():
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)
