"""The summary of a request as it stands now, for the channels of this deployment."""

from pydantic import Field

from appguard.approvals.approvals import approvals
from appguard.approvals.summary import ApprovalSummary, summarise
from appguard.gates.review_policy import review_policy
from appguard.kernel.clock import utc_now
from appguard.kernel.settings import Settings


class LinkSettings(Settings):
    """Where links lead: the one origin that messages name."""

    portal_url: str = Field(alias="PORTAL_URL")


def summary_of(ref: str) -> ApprovalSummary:
    """The summary of the approval that `ref` stands for; raises `ApprovalUnknown`."""
    opened, portal = approvals().open(ref), LinkSettings.from_env().portal_url
    return summarise(opened, ref, portal, review_policy().exceptions, utc_now())
