"""`policies/review.yaml`: when a person may be spared, and how long what a person accepted holds."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from appguard.kernel.files import policies_dir
from appguard.kernel.levels import RiskTier
from appguard.kernel.record import Record

Days = Annotated[int, Field(ge=1, le=366)]


class SkipRules(Record):
    """When a version that can do nothing more than an approved one needs nobody."""

    enabled: bool
    max_tier: RiskTier
    approval_days: Days

    @property
    def digest(self) -> str:
        """Fingerprint: the event of a decision that spared a person names the rules it went by."""
        return self.fingerprint()


class ExceptionRules(Record):
    """How long an accepted finding holds, and an accepted export."""

    days: dict[RiskTier, Days]
    export_days: Days
    expiring_days: Days

    @field_validator("days")
    @classmethod
    def _names_every_tier(cls, days: dict[RiskTier, int]) -> dict[RiskTier, int]:
        if missing := sorted(tier.value for tier in RiskTier if tier not in days):
            raise ValueError(f"no days for {', '.join(missing)}")
        return days

    def lasts(self, tier: RiskTier) -> timedelta:
        """How long an exception of an app of this tier holds."""
        return timedelta(days=self.days[tier])

    @property
    def export_lasts(self) -> timedelta:
        """How long personal data may leave an app as a file once somebody allowed it."""
        return timedelta(days=self.export_days)

    def soon(self, expires_at: datetime, now: datetime) -> bool:
        """Whether an exception that ends then is to be listed as expiring."""
        return expires_at - now <= timedelta(days=self.expiring_days)


class ReviewPolicy(Record):
    """The whole file."""

    skip_the_human: SkipRules
    exceptions: ExceptionRules


def load(path: Path) -> ReviewPolicy:
    """Read the file; raises `Misconfigured` when it is missing or says anything it should not."""
    from appguard.apps.yaml_model import yaml_model  # noqa: PLC0415 - YAML only where it is read

    return yaml_model(path, ReviewPolicy)


@cache
def review_policy() -> ReviewPolicy:
    """The rules of this deployment."""
    return load(policies_dir() / "review.yaml")
