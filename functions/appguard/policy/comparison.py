"""A comparison of two versions of the policies: asked for, under way, and over in one of two ways."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from appguard.kernel.errors import Conflict
from appguard.kernel.record import Record
from appguard.policy.candidate import PolicyDigest
from appguard.policy.impact import Impact

STALLED_AFTER = timedelta(minutes=5)
"""Longer than the slowest sign of life: a start in the cold, and the list of all active apps."""


class NotCompared(Conflict):
    """Nobody proposes what they have not seen the effect of."""

    code = "not_compared"
    remediation = "Compare this version with the policies in force, then propose it."


class Asked(Record):
    """Which policies in force, which that may follow them, and the moment whose active apps are judged."""

    before: PolicyDigest
    after: PolicyDigest
    moment: AwareDatetime


class Running(Record):
    """Under way; `alive_at` is the last sign of life."""

    state: Literal["running"] = "running"
    asked: Asked
    alive_at: AwareDatetime
    examined: int = Field(default=0, ge=0)

    def stalled(self, now: datetime) -> bool:
        """Whether nobody is working on it any more."""
        return now - self.alive_at > STALLED_AFTER


class Done(Record):
    """The result, the same for whoever looks."""

    state: Literal["done"] = "done"
    asked: Asked
    impact: Impact


class Failed(Record):
    """Why there is no result."""

    state: Literal["failed"] = "failed"
    asked: Asked
    message: str
    remediation: str


Comparing = Annotated[Running | Done | Failed, Field(discriminator="state")]
COMPARING: TypeAdapter[Comparing] = TypeAdapter(Comparing)
