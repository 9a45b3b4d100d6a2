"""Publishing policies takes two people: one proposes a candidate, another publishes it."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from appguard.kernel.errors import Conflict, Forbidden
from appguard.kernel.ids import PersonId
from appguard.kernel.record import Record

PolicyDigest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class SamePerson(Forbidden):
    """Whoever proposed a policy cannot publish it."""

    code = "separation_of_duties"
    remediation = "Ask somebody else with the role platform or security."


class NothingProposed(Conflict):
    """There is no such candidate, or not any more."""

    code = "nothing_proposed"


class AlreadyProposed(Conflict):
    """One candidate at a time: the next would be compared with a version that may not come."""

    code = "already_proposed"
    remediation = "Publish or withdraw the candidate first."


class Candidate(Record):
    """Policies somebody wants in force, against what they were compared with, and what that showed."""

    digest: PolicyDigest
    base: PolicyDigest
    proposed_by: PersonId
    proposer_email: str
    proposed_at: AwareDatetime
    counts: dict[str, int] = Field(default_factory=dict)


class Published(Record):
    """The policies in force."""

    candidate: Candidate
    published_by: PersonId
    published_at: AwareDatetime

    @property
    def digest(self) -> str:
        """Their content address."""
        return self.candidate.digest
