"""What the gates are given and what they hand back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from appguard.apps.model import Risk
from appguard.connectors.model import Connector
from appguard.connectors.registry import registry
from appguard.gates.gitleaks import Scanner
from appguard.gates.sandbox.model import Sandbox
from appguard.kernel.errors import AppGuardError
from appguard.kernel.files import policies_dir
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import BundleDigest, ConnectorName, ReviewId
from appguard.packages.model import NOTHING, Knowledge
from appguard.provenance.model import Source


class GateFailed(AppGuardError):
    """A gate could not do its work, so what it would have found is unknown."""

    code = "gate_failed"
    remediation = "Try again; if it stays, the platform team must repair the gate. Nothing passes meanwhile."


class Decision(StrEnum):
    """What the findings mean for a bundle."""

    REFUSED = "refused"
    NEEDS_APPROVAL = "needs_approval"
    CLEAR = "clear"


def _sandbox() -> Sandbox:
    from appguard.gates.sandbox.choice import sandbox  # noqa: PLC0415 - its parts say GateFailed themselves

    return sandbox()


@dataclass(frozen=True)
class GateContext:
    """What a gate may know besides the bundle: connectors, policies, its tools, what is known of packages.

    `history` is the folder the bundle was read from, where that lies in a Git repository: a laptop
    and CI have one, an uploaded bundle has none. `source` is where it was submitted from: known in a
    review, and nowhere before.
    """

    connectors: Mapping[ConnectorName, Connector]
    policies: Path
    sandbox: Sandbox = field(default_factory=_sandbox)
    scanner: Scanner = field(default_factory=Scanner)
    packages: Knowledge = NOTHING
    history: Path | None = None
    source: Source | None = None

    @classmethod
    def of_platform(
        cls, packages: Knowledge = NOTHING, history: Path | None = None, scanner: Scanner | None = None
    ) -> Self:
        """The connectors and policies that travel with this deployment, and where packages are looked up."""
        return cls(
            connectors=registry(),
            policies=policies_dir(),
            scanner=scanner or Scanner(),
            packages=packages,
            history=history,
        )

    @classmethod
    def in_force(cls, source: Source | None = None) -> Self:
        """The connectors of this deployment, the policies in force, and what it has stored of packages."""
        from appguard.packages.stored import knowledge  # noqa: PLC0415 - a laptop asks no platform
        from appguard.policy.releases import releases  # noqa: PLC0415 - nor here

        policies = releases().in_force()
        return cls(connectors=registry(), policies=policies, packages=knowledge(), source=source)


class PolicyDocument(BaseModel):
    """What the policies were asked, and its digest, so that the decision can be replayed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    document: dict[str, JsonValue]

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """`document` with its digest."""
        return cls(digest=_digest(document), document=document)

    @property
    def intact(self) -> bool:
        """Whether the document is the one the digest was made of."""
        return self.digest == _digest(self.document)


def _digest(document: Mapping[str, Any]) -> str:
    body = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(body.encode()).hexdigest()}"


class GateResult(BaseModel):
    """The evidence one gate leaves behind: what it looked at, by which rules, and what it found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    review_id: ReviewId | None = None
    bundle_digest: BundleDigest
    policy_digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    finished_at: AwareDatetime
    duration_ms: int = Field(ge=0)
    findings: tuple[Finding, ...]
    input: PolicyDocument | None = None

    @property
    def blocks(self) -> int:
        """How many findings refuse the bundle."""
        return sum(finding.severity is Severity.BLOCK for finding in self.findings)

    @property
    def approvals(self) -> int:
        """How many findings ask for a named person's approval."""
        return sum(finding.severity is Severity.APPROVE for finding in self.findings)


class Report(BaseModel):
    """All gates over one bundle, and the decision that follows from them.

    A manifest that cannot be read has the risk `UNREADABLE` and a finding that blocks; files that cannot
    even be a bundle have no digest and no bill of materials either.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Decision
    risk: Risk
    findings: tuple[Finding, ...]
    bundle_digest: BundleDigest | None
    policy_digest: str
    sbom: dict[str, Any]
