"""The platform's functions: for each handler its layers, the settings it reads, and its size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from appguard.approvals.channels.showing import LinkSettings
from appguard.approvals.channels.slack.settings import SlackSettings
from appguard.approvals.mailer import MailSettings
from appguard.approvals.settings import ApprovalSettings
from appguard.apps.catalog import CatalogSettings
from appguard.audit.outbox import OutboxSettings
from appguard.audit.search.settings import SearchIndexSettings, SearchSettings
from appguard.audit.settings import (
    BucketSettings,
    CheckSettings,
    CosignSettings,
    LedgerReadSettings,
    RelaySettings,
    SequencerSettings,
    SweepSettings,
)
from appguard.connectors.budgets.store import BudgetSettings
from appguard.connectors.settings import ConnectorSettings
from appguard.directory.settings import DirectorySettings, ScimSettings
from appguard.gates.evidence import GateSettings
from appguard.gates.sandbox.choice import SandboxSettings
from appguard.kernel.settings import Settings
from appguard.operations.noting.deployed import Deployed
from appguard.operations.store import ArchiveSettings
from appguard.packages.settings import AskSettings, IndexSettings, PackageSettings, SyncSettings
from appguard.policy.settings import ComparisonSettings
from appguard.portal.settings import PortalSettings
from appguard.privacy.settings import PrivacySettings
from appguard.provenance.settings import ProvenanceSettings, SourceSettings
from appguard.provisioning.settings import ProvisioningSettings
from appguard.reports.settings import AuditorSettings, ShelfSettings, SigningSettings
from appguard.reviews.reviews import ReviewSettings
from appguard.secrets.settings import SecretSettings
from appguard.siem.destinations.lake import LakeSettings
from appguard.siem.destinations.opensearch import OpenSearchSettings
from appguard.siem.destinations.splunk import SplunkSettings
from appguard.siem.model import DestinationName
from appguard.siem.settings import CursorSettings, DeliverySettings
from appguard.submissions.settings import SubmissionSettings
from appguard.witness.settings import WitnessSettings

Models = tuple[type[Settings], ...]

STORE: Models = (CatalogSettings, OutboxSettings)
GATE: Models = (*STORE, GateSettings)
REVIEW: Models = (*STORE, ReviewSettings)
APPROVAL: Models = (*REVIEW, ApprovalSettings, DirectorySettings, MailSettings)
PROVENANCE: Models = (ProvenanceSettings, SourceSettings)
PROVISIONING: Models = (*REVIEW, PackageSettings, ProvisioningSettings)
OPERATIONS: Models = (*PROVISIONING, ArchiveSettings)
REPORTS: Models = (
    OutboxSettings,
    BucketSettings,
    ShelfSettings,
    SigningSettings,
    DirectorySettings,
    MailSettings,
    AuditorSettings,
)


@dataclass(frozen=True)
class Function:
    """One handler as it is deployed. `handler` is `<context>.<verb>`."""

    handler: str
    layers: tuple[str, ...]
    settings: Models
    memory_mb: int = 512
    timeout_seconds: int = 30
    disk_mb: int = 512

    @property
    def entry(self) -> str:
        """What Lambda calls."""
        context, _, verb = self.handler.rpartition(".")
        return f"appguard.{context}.handler.{verb}"

    @property
    def name(self) -> str:
        """The function's physical name."""
        return "appguard-" + self.handler.replace(".", "-").replace("_", "-")

    @property
    def id(self) -> str:
        """The construct's id: `gates.manifest` is `GatesManifest`."""
        return "".join(part.title() for part in self.handler.replace(".", "_").split("_"))

    def environment(self, words: Mapping[str, str]) -> dict[str, str]:
        """The variables its settings read; raises `KeyError` when `words` lacks a required one."""
        wanted = dict(sorted(_variables(self.settings)))
        return {name: words[name] for name, required in wanted.items() if required or name in words}


def _variables(models: Models) -> Iterable[tuple[str, bool]]:
    """Every environment variable of these models, and whether some model requires it."""
    fields = [field for model in models for field in model.model_fields.values()]
    required = {str(field.alias) for field in fields if field.is_required()}
    return {(str(field.alias), str(field.alias) in required) for field in fields}


BASE = ("base",)
REPORT_LAYERS = ("base", "web", "report")
AUDIT = ("base", "web")  # one handler file; checking signatures takes cryptography

# One core: ten thousand apps take it 24 s, which is nearly all a portal's request may take.
COMPARE = Function(
    "policy.compare", ("base", "policy"), (*GATE, ComparisonSettings), memory_mb=1792, timeout_seconds=900
)

# The one function that asks the package index: the portal has it ask, a review does as a step.
PACKAGES = Function("packages.fetch", BASE, (IndexSettings,), timeout_seconds=120)
FUNCTIONS = (
    Function("gates.manifest", BASE, GATE, timeout_seconds=60),
    Function("gates.policy", ("base", "policy"), GATE, memory_mb=1024, timeout_seconds=60),
    Function("gates.tests", BASE, (*GATE, PackageSettings, SandboxSettings), timeout_seconds=90),
    Function("gates.contracts", BASE, (*GATE, SandboxSettings), timeout_seconds=90),
    Function("gates.secrets", ("base", "scan"), GATE, memory_mb=1024, timeout_seconds=120),
    Function("gates.code", ("base", "code"), (*GATE, PackageSettings), memory_mb=2048, timeout_seconds=120),
    Function("gates.dependencies", BASE, (*GATE, PackageSettings), timeout_seconds=60),
    Function("gates.data", ("base", "scan"), (*GATE, SourceSettings), timeout_seconds=60),
    PACKAGES,
    COMPARE,
    Function("packages.sync", BASE, (SyncSettings,), memory_mb=1024, timeout_seconds=900),
    *(
        Function(f"reviews.{verb}", BASE, REVIEW)
        for verb in ("classify", "decide", "approve", "refuse", "expire", "fail", "ended")
    ),
    Function("reviews.publish", BASE, (*REVIEW, *PROVENANCE)),
    Function("provenance.attest", BASE, (*REVIEW, *PROVENANCE), timeout_seconds=60),
    Function(
        "submissions.receive", ("base", "web"), (*REVIEW, SourceSettings, SubmissionSettings), memory_mb=1024
    ),
    Function("approvals.ask", BASE, APPROVAL),
    Function("approvals.notify", BASE, APPROVAL),
    Function("approvals.reminding.run", BASE, (*STORE, ApprovalSettings)),
    Function("provisioning.provision", BASE, (*PROVISIONING, *PROVENANCE), timeout_seconds=120),
    Function("provisioning.status", BASE, PROVISIONING),
    Function("provisioning.smoke_test", BASE, PROVISIONING, timeout_seconds=60),
    Function("provisioning.undo", BASE, PROVISIONING, timeout_seconds=120),
    Function("secrets.keep", ("base", "data"), (*REVIEW, SecretSettings), timeout_seconds=300),
    Function(
        "directory.scim",
        ("base", "scim"),
        (DirectorySettings, OutboxSettings, ScimSettings, SecretSettings),
        memory_mb=1024,
    ),
    Function("operations.sweep", BASE, OPERATIONS, timeout_seconds=300),
    Function("operations.touch", BASE, OPERATIONS),
    Function("operations.leaving.follow", BASE, STORE, timeout_seconds=300),
    Function("operations.noting.deployment", BASE, (Deployed, OutboxSettings)),
    Function("operations.noting.failures", BASE, (OutboxSettings,)),
    Function("operations.recheck", BASE, (*OPERATIONS, PackageSettings), memory_mb=1024, timeout_seconds=900),
    Function(
        "connectors.serve",
        ("base", "web", "data"),
        (*STORE, BudgetSettings, ConnectorSettings, DirectorySettings, PrivacySettings, SecretSettings),
        memory_mb=1024,
        timeout_seconds=15,
    ),
    Function(
        "portal.serve",
        ("base", "policy", "scan", "code", "web"),
        (
            *APPROVAL,
            *OPERATIONS,
            AskSettings,
            PackageSettings,
            ComparisonSettings,
            PortalSettings,
            SandboxSettings,
            ShelfSettings,
            SourceSettings,
        ),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Function("audit.relay", AUDIT, (RelaySettings,), timeout_seconds=60),
    Function("audit.sequence", AUDIT, (SequencerSettings,), timeout_seconds=120),
    Function("audit.sweep", AUDIT, (SweepSettings,), timeout_seconds=120),
    Function("audit.note_refusals", AUDIT, (OutboxSettings,)),
    # One core each: what they do, they do with columns. `search` also checks signatures.
    Function(
        "audit.search.index", (*AUDIT, "parquet"), (SearchIndexSettings,), memory_mb=1792, timeout_seconds=600
    ),
    Function(
        "audit.search.answer",
        (*AUDIT, "parquet"),
        (OutboxSettings, SearchSettings),
        memory_mb=1792,
        timeout_seconds=28,
    ),
    Function(
        "audit.verify",
        AUDIT,
        (CheckSettings,),
        memory_mb=1792,
        timeout_seconds=900,
        disk_mb=10_240,
    ),
    Function("audit.cosign", AUDIT, (CosignSettings,), timeout_seconds=60),
    Function(
        "privacy.answer",
        BASE,
        (*STORE, LedgerReadSettings, PrivacySettings),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Function("privacy.decide", BASE, (OutboxSettings, PrivacySettings)),
    # One core: a report over 100,000 entries takes it half a minute, and several may be due at once.
    # The whole ledger lies on its disk meanwhile.
    Function("reports.make", REPORT_LAYERS, REPORTS, memory_mb=1792, timeout_seconds=900, disk_mb=10_240),
    Function("reports.tell", REPORT_LAYERS, REPORTS, timeout_seconds=60),
)

# The witness, in a stack and, on AWS, better in an account of its own.
WITNESS = Function("witness.cosign", ("base", "web"), (WitnessSettings,))

# Deployed where a deployer says where events go (`Deployment.siem`).
DELIVERY: Models = (OutboxSettings, CursorSettings, DeliverySettings)
SIEM = {
    DestinationName.SPLUNK: Function(
        "siem.splunk", BASE, (*DELIVERY, SecretSettings, SplunkSettings), timeout_seconds=300
    ),
    DestinationName.OPENSEARCH: Function(
        "siem.opensearch", BASE, (*DELIVERY, SecretSettings, OpenSearchSettings), timeout_seconds=300
    ),
    DestinationName.LAKE: Function(
        "siem.lake", ("base", "parquet"), (*DELIVERY, LakeSettings), memory_mb=1024, timeout_seconds=300
    ),
}

# Deployed where a deployer names the workspace (`Deployment.slack_team_id`). Slack waits three seconds for
# an answer, hence a whole core for it.
CHANNEL: Models = (*REVIEW, ApprovalSettings, DirectorySettings, LinkSettings, SecretSettings)
SLACK: Models = (*CHANNEL, SlackSettings)
SLACK_TELL = Function("approvals.channels.slack.tell", ("base", "slack"), SLACK, timeout_seconds=60)
SLACK_ANSWER = Function("approvals.channels.slack.answer", ("base", "slack"), SLACK, memory_mb=1792)
# Likewise with `Deployment.teams`; the channel's address is a secret.
TEAMS_TELL = Function("approvals.channels.teams.tell", BASE, CHANNEL, timeout_seconds=60)
CHANNELS = {"slack": (SLACK_TELL, SLACK_ANSWER), "teams": (TEAMS_TELL,)}

# What runs micro apps, and therefore their preview.
MICRO_APP_LAYERS = ("base", "web")


@dataclass(frozen=True)
class SandboxFunction:
    """A function that may do nothing, from an asset of its own that holds the runtime and nothing else."""

    key: str
    entry: str
    layers: tuple[str, ...]
    memory_mb: int
    timeout_seconds: int

    @property
    def name(self) -> str:
        """The function's physical name."""
        return f"appguard-{self.key}"

    @property
    def id(self) -> str:
        """The construct's id."""
        return "".join(part.title() for part in self.key.split("-"))


PREVIEW = SandboxFunction("sandbox", "appguard.runtime.preview.render", MICRO_APP_LAYERS, 256, 10)
# Tests nobody trusts never share a process with a preview.
TESTS = SandboxFunction(
    "sandbox-tests", "appguard.runtime.trial.handler.run", (*MICRO_APP_LAYERS, "schema"), 1024, 60
)
SANDBOXES = (PREVIEW, TESTS)

# Which handler stands behind each `${Placeholder}` of statemachines/review.asl.json.
TASKS = {
    "Classify": "reviews.classify",
    "Packages": "packages.fetch",
    "GateManifest": "gates.manifest",
    "GatePolicy": "gates.policy",
    "GateSecrets": "gates.secrets",
    "GateCode": "gates.code",
    "GateTests": "gates.tests",
    "GateContracts": "gates.contracts",
    "GateDependencies": "gates.dependencies",
    "GateData": "gates.data",
    "Decide": "reviews.decide",
    "AskApproval": "approvals.ask",
    "Approve": "reviews.approve",
    "Attest": "provenance.attest",
    "Provision": "provisioning.provision",
    "CheckProvisioned": "provisioning.status",
    "ProvideLogins": "secrets.keep",
    "SmokeTest": "provisioning.smoke_test",
    "Publish": "reviews.publish",
    "Undo": "provisioning.undo",
    "Refuse": "reviews.refuse",
    "Expire": "reviews.expire",
    "Fail": "reviews.fail",
}
