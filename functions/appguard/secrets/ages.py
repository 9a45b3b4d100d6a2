"""How old every secret is, and which are older than the policy allows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import computed_field

from appguard.kernel.clock import utc_now
from appguard.kernel.record import Record
from appguard.secrets.model import SecretRecord
from appguard.secrets.policy import AgeRule, SecretKind, SecretPolicy, secret_policy


class Standing(StrEnum):
    """How a secret stands against its policy."""

    LATE = "late"
    DUE = "due"
    FRESH = "fresh"


class Aged(Record):
    """A secret with its age."""

    secret: SecretRecord
    age: timedelta
    rule: AgeRule

    @computed_field  # type: ignore[prop-decorator]
    @property
    def days(self) -> int:
        """Whole days since it was replaced."""
        return self.age.days

    @computed_field  # type: ignore[prop-decorator]
    @property
    def standing(self) -> Standing:
        """Late: an alarm says so. Due: the next hourly run replaces it."""
        if self.age >= self.rule.alarm_after:
            return Standing.LATE
        return Standing.DUE if self.age >= self.rule.rotate_after else Standing.FRESH


class Reads(Protocol):
    """Where records are read: `store.Records`."""

    def oldest(self, kind: SecretKind, until: datetime | None = None) -> Iterator[SecretRecord]:
        """Those of one kind, the oldest first."""
        ...


def ages(records: Reads, policy: SecretPolicy, now: datetime) -> list[Aged]:
    """Every secret; what is older than its policy stands first, then whatever is nearest to that."""
    found = [
        Aged(secret=record, age=now - record.rotated_at, rule=policy.ages[kind])
        for kind in SecretKind
        for record in records.oldest(kind)
    ]
    return sorted(found, key=lambda aged: (aged.rule.alarm_after - aged.age, aged.secret.name))


def oldest(records: Reads, now: datetime) -> dict[SecretKind, timedelta]:
    """The age of the oldest secret of each kind, reading one of each; zero where there is none."""
    first = {kind: next(iter(records.oldest(kind)), None) for kind in SecretKind}
    return {kind: now - record.rotated_at if record else timedelta() for kind, record in first.items()}


def secret_ages() -> list[Aged]:
    """Every secret of this deployment."""
    from appguard.secrets.store import records  # noqa: PLC0415 - the SDK is loaded on first use

    return ages(records(), secret_policy(), utc_now())
