"""`policies/approvals.yaml`: who has to approve what, and when somebody is told again."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from appguard.approvals.model import EXPIRES_AFTER
from appguard.kernel.event import Role
from appguard.kernel.files import policies_dir
from appguard.kernel.levels import DataClass, RiskTier
from appguard.kernel.record import Record

SEATED = frozenset({Role.REVIEWER, Role.DATA_OWNER, Role.SECURITY})


def _seated(role: Role) -> Role:
    if role not in SEATED:
        raise ValueError(f"{role} takes no seat; {', '.join(sorted(SEATED))} do")
    return role


SeatRole = Annotated[Role, AfterValidator(_seated)]
Count = Annotated[int, Field(ge=1, le=5)]
Hours = Annotated[int, Field(ge=1)]


class ApprovalPolicy(Record):
    """The whole file. What a level asks for holds for every level above it."""

    by_tier: Mapping[RiskTier, Mapping[SeatRole, Count]]
    by_data_class: Mapping[DataClass, Mapping[SeatRole, Count]]
    remind_after_hours: Hours
    escalate_after_hours: Hours

    @model_validator(mode="after")
    def _somebody_is_asked(self) -> Self:
        if not self.by_tier.get(RiskTier.LOW):
            raise ValueError("by_tier names nobody for low: then nobody is asked at all")
        return self

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if not self.remind_after < self.escalate_after < EXPIRES_AFTER:
            raise ValueError("it is reminded first, then escalated, and both before it expires")
        return self

    @property
    def remind_after(self) -> timedelta:
        """How long after asking those who have not spoken are told again."""
        return timedelta(hours=self.remind_after_hours)

    @property
    def escalate_after(self) -> timedelta:
        """How long after asking others are told that nobody has decided."""
        return timedelta(hours=self.escalate_after_hours)

    @property
    def digest(self) -> str:
        """Fingerprint: each approval names the rules it was asked by."""
        return self.fingerprint()


def load(path: Path) -> ApprovalPolicy:
    """Read the file; raises `Misconfigured` when it is missing or says anything it should not."""
    from appguard.apps.yaml_model import yaml_model  # noqa: PLC0415 - YAML only where it is read

    return yaml_model(path, ApprovalPolicy)


@cache
def approval_policy() -> ApprovalPolicy:
    """The rules of this deployment."""
    return load(policies_dir() / "approvals.yaml")
