"""The summary of a request as it stands now, for the channels of this deployment."""

from pydantic import Field

from appguard.approvals.approvals import approvals
from appguard.approvals.recipients import recipients
from appguard.approvals.summary import ApprovalSummary, summarise
from appguard.gates.review_policy import review_policy
from appguard.kernel.person import Person
from appguard.kernel.settings import Settings


class LinkSettings(Settings):
    """Where links lead: the one origin that messages name."""

    portal_url: str = Field(alias="PORTAL_URL")


def people_asked(ref: str) -> list[Person]:
    """Whose word is still needed, as the directory knows people now."""
    return recipients(approvals().open(ref).approval)


def summary_of(ref: str) -> ApprovalSummary:
    """The summary of the approval that `ref` stands for; raises `ApprovalUnknown`."""
    known, portal = approvals(), LinkSettings.from_env().portal_url
    return summarise(known.open(ref), ref, portal, review_policy().exceptions, known.clock())
