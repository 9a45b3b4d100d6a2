"""The platform's functions: for each handler its layers, the words its environment needs, and its size."""

from dataclasses import dataclass

STORE = ("CATALOG_TABLE", "OUTBOX_TABLE", "ARTIFACTS_BUCKET")
REVIEW = (*STORE, "REVIEW_STATE_MACHINE_ARN")
APPROVAL = (*REVIEW, "PORTAL_URL", "MAIL_FROM", "REVIEWER_EMAIL")
APP_STACKS = (
    "APP_BOUNDARY_ARN",
    "APP_LAYER_ARNS",
    "APP_PREFIX",
    "APP_RUNTIME",
    "APP_RUNTIME_BUCKET",
    "APP_RUNTIME_KEY",
    "APP_STACK_ROLE_ARN",
    "APPS_API_ID",
    "APPS_URL",
    "ARCHIVE_BUCKET",
    "CONNECTORS_API_ID",
    "CONNECTORS_URL",
    "OIDC_CLIENT_ID",
    "OIDC_ISSUER",
)
LEDGER = ("LEDGER_TABLE", "LEDGER_BUCKET", "LEDGER_KEY_ID", "LEDGER_ORIGIN")


@dataclass(frozen=True)
class Function:
    """One handler as it is deployed. `handler` is `<context>.<verb>`."""

    handler: str
    layers: tuple[str, ...] = ("base",)
    words: tuple[str, ...] = STORE
    memory_mb: int = 512
    timeout_seconds: int = 30

    @property
    def entry(self) -> str:
        """What Lambda calls."""
        context, verb = self.handler.split(".")
        return f"appguard.{context}.handler.{verb}"

    @property
    def name(self) -> str:
        """The function's physical name."""
        return "appguard-" + self.handler.replace(".", "-").replace("_", "-")

    @property
    def id(self) -> str:
        """The construct's id: `gates.manifest` is `GatesManifest`."""
        return "".join(part.title() for part in self.handler.replace(".", "_").split("_"))


RULES = ("base", "policy")
GATES = (*RULES, "web", "scan")
BROKER = ("base", "policy", "web", "data")

FUNCTIONS = (
    Function("gates.manifest", GATES, timeout_seconds=60),
    Function("gates.policy", GATES, timeout_seconds=60, memory_mb=1024),
    Function("gates.secrets", GATES, timeout_seconds=120, memory_mb=1024),
    *(
        Function(f"reviews.{verb}", GATES, REVIEW)
        for verb in ("classify", "decide", "approve", "refuse", "expire", "fail", "publish", "ended")
    ),
    Function("approvals.ask", GATES, APPROVAL),
    Function("approvals.notify", GATES, APPROVAL),
    *(
        Function(f"provisioning.{verb}", GATES, (*STORE, *APP_STACKS), timeout_seconds=120)
        for verb in ("provision", "status", "smoke_test")
    ),
    Function("provisioning.rotate", GATES, (*STORE, *APP_STACKS), timeout_seconds=300),
    Function("operations.sweep", GATES, (*STORE, *APP_STACKS), timeout_seconds=300),
    Function("operations.touch", GATES, (*STORE, *APP_STACKS)),
    Function(
        "connectors.serve",
        BROKER,
        (*STORE, "OIDC_ISSUER", "OIDC_CLIENT_ID", "APP_PREFIX"),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Function(
        "portal.serve",
        GATES,
        (*APPROVAL, *APP_STACKS, *LEDGER, "SESSIONS_TABLE", "SANDBOX_FUNCTION"),
        memory_mb=1024,
        timeout_seconds=28,
    ),
    Function("audit.relay", words=("OUTBOX_TABLE", "LEDGER_QUEUE_URL", "EVENT_BUS"), timeout_seconds=60),
    Function("audit.sequence", (*RULES, "web"), (*LEDGER, "OUTBOX_TABLE"), timeout_seconds=120),
    Function("audit.sweep", words=("OUTBOX_TABLE", "LEDGER_QUEUE_URL"), timeout_seconds=120),
    Function("reports.compliance", (*RULES, "web"), (*STORE, *LEDGER), memory_mb=1024, timeout_seconds=300),
)

# Renders previews, from an asset of its own that holds the runtime and nothing else.
SANDBOX_NAME = "appguard-sandbox"
SANDBOX_ENTRY = "appguard.runtime.preview.render"

# What runs micro apps, and therefore their preview.
MICRO_APP_LAYERS = ("base", "web")

# Which handler stands behind each `${Placeholder}` of statemachines/review.asl.json.
TASKS = {
    "Classify": "reviews.classify",
    "GateManifest": "gates.manifest",
    "GatePolicy": "gates.policy",
    "GateSecrets": "gates.secrets",
    "Decide": "reviews.decide",
    "AskApproval": "approvals.ask",
    "Approve": "reviews.approve",
    "Provision": "provisioning.provision",
    "CheckProvisioned": "provisioning.status",
    "SmokeTest": "provisioning.smoke_test",
    "Publish": "reviews.publish",
    "Refuse": "reviews.refuse",
    "Expire": "reviews.expire",
    "Fail": "reviews.fail",
}
