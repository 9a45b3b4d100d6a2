"""What a reviewer sees: who asks, how risky, what it may touch in plain words, what the gates found."""

from collections.abc import Iterator, Mapping, Sequence

from appguard.apps.capabilities import Capabilities, Kind
from appguard.apps.capability_diff import CapabilityDiff, diff
from appguard.apps.manifest import Audience, Manifest
from appguard.apps.model import App, Risk
from appguard.connectors.model import Connector
from appguard.gates.model import GateResult
from appguard.kernel.finding import Finding
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName, PersonId
from appguard.kernel.levels import DataClass, RiskTier
from appguard.kernel.record import Record
from appguard.provenance.model import GitSource

AUDIENCES: Mapping[Audience, str] = {
    Audience.TEAM: "Meant for the owner's team; everybody with a company sign-in can open it.",
    Audience.EMPLOYEES: "Can be opened by everybody with a company sign-in.",
    Audience.PARTNERS: "Meant for partner companies too; whoever the company's sign-in admits can open it.",
    Audience.PUBLIC: "Meant for anybody; whoever the company's sign-in admits can open it.",
}

Line = tuple[Kind, str, str]
"""What a capability is about, which one it is, and how it reads."""


class Capability(Record):
    """One thing the app may do; `new` when the version it replaces may not."""

    text: str
    new: bool


class GateSummary(Record):
    """One gate's part of the evidence."""

    gate: str
    blocks: int
    approvals: int
    policy_digest: str


class Evidence(Record):
    """Everything a decision rests on. `data_class` is the most sensitive one it touches or declares."""

    app_id: AppId
    app_name: str
    description: str
    owner_email: str
    team: str
    requester: PersonId
    source: GitSource | None
    purpose: str
    tier: RiskTier
    reasons: tuple[str, ...]
    data_class: DataClass
    capabilities: tuple[Capability, ...]
    changes: CapabilityDiff
    capabilities_digest: str
    findings: tuple[Finding, ...]
    gates: tuple[GateSummary, ...]
    pages: tuple[str, ...]
    files: tuple[str, ...]
    bundle_digest: BundleDigest
    replaces: BundleDigest | None

    @property
    def digest(self) -> str:
        """Fingerprint of what a decision rests on; a decision does not carry over to another one."""
        return self.fingerprint()


def build(
    app: App,
    requester: PersonId,
    source: GitSource | None,
    digest: BundleDigest,
    manifest: Manifest,
    files: Sequence[str],
    risk: Risk,
    results: Sequence[GateResult],
    connectors: Mapping[ConnectorName, Connector],
    replaces: BundleDigest | None,
    before: Capabilities,
    after: Capabilities,
) -> Evidence:
    """The evidence for one bundle of `app`, compared with what the version it `replaces` could do."""
    about = manifest.metadata
    return Evidence(
        app_id=app.app_id,
        app_name=about.name,
        description=about.description,
        owner_email=app.owner_email,
        team=about.team,
        requester=requester,
        source=source,
        purpose=manifest.intent.purpose,
        tier=risk.tier,
        reasons=risk.reasons,
        data_class=max(manifest.intent.data_class, *risk.classes),
        capabilities=tuple(_capabilities(manifest, before, connectors)),
        changes=diff(before, after),
        capabilities_digest=after.digest,
        findings=tuple(finding for result in results for finding in result.findings),
        gates=tuple(
            GateSummary(gate=r.gate, blocks=r.blocks, approvals=r.approvals, policy_digest=r.policy_digest)
            for r in results
        ),
        pages=tuple(page.title for page in manifest.pages),
        files=tuple(files),
        bundle_digest=digest,
        replaces=replaces,
    )


def _capabilities(
    manifest: Manifest, before: Capabilities, connectors: Mapping[ConnectorName, Connector]
) -> Iterator[Capability]:
    had = before.by_key
    for kind, subject, text in (*_of_data(manifest, connectors), *_of_the_rest(manifest)):
        yield Capability(text=text, new=(kind, subject) not in had)


def _of_data(manifest: Manifest, connectors: Mapping[ConnectorName, Connector]) -> Iterator[Line]:
    yield Kind.AUDIENCE, "", AUDIENCES[manifest.intent.users]
    for use in manifest.connectors:
        for query in use.queries:
            yield Kind.QUERY, f"{use.name}/{query}", _reads(use.name, query, connectors)
        for command in use.commands:
            yield Kind.COMMAND, f"{use.name}/{command}", _writes(use.name, command, connectors)


def _of_the_rest(manifest: Manifest) -> Iterator[Line]:
    for host in manifest.runtime.egress:
        yield Kind.EGRESS, host, f"Sends data to {host}, outside the company."
    for action in manifest.runtime.permissions:
        yield Kind.PERMISSION, action, f"Asks for the AWS permission {action}."
    for page in manifest.pages:
        if page.type == "table" and page.export:
            yield Kind.EXPORT, page.id, f"Offers the rows of “{page.title}” as a file."


def _reads(name: ConnectorName, query: str, connectors: Mapping[ConnectorName, Connector]) -> str:
    connector = connectors.get(name)
    if connector is None or query not in connector.queries:
        return f"Reads {query} from {name}, which is not an approved query."
    known = connector.queries[query]
    columns = ", ".join(f"{column.label} ({column.class_.value})" for column in known.columns)
    return f"Reads “{known.title}” from {connector.title}: {columns}."


def _writes(name: ConnectorName, command: str, connectors: Mapping[ConnectorName, Connector]) -> str:
    connector = connectors.get(name)
    if connector is None or command not in connector.commands:
        return f"Changes {name} by {command}, which is not an approved command."
    known = connector.commands[command]
    return f"Changes {connector.title}: “{known.title}” ({known.highest.value} data)."
