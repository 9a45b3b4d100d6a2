"""What a gate has to say about a bundle."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from appguard.kernel.fix import Fix


class Severity(StrEnum):
    """What a finding does to the decision."""

    BLOCK = "block"
    APPROVE = "approve"
    WARN = "warn"
    HINT = "hint"


class Finding(BaseModel):
    """One observation of one gate, with the remedy a requester can act on."""

    model_config = ConfigDict(frozen=True)

    gate: str
    rule: str
    severity: Severity
    message: str
    remediation: str
    path: str | None = None
    line: int | None = None
    controls: tuple[str, ...] = ()
    fix: Fix | None = None
