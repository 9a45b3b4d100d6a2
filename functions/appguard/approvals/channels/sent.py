"""What was sent where about a request, so that it is sent once and can be changed in place."""

from typing import Literal

from appguard.approvals.model import ApprovalId
from appguard.kernel.ids import ReviewId
from appguard.kernel.record import Record

Stage = Literal["asked", "reminded", "escalated"]
"""Why it was sent; of each stage a destination hears once."""


class Slot(Record):
    """One message there may be: about which request, through which channel, to whom, why."""

    review_id: ReviewId
    approval_id: ApprovalId
    channel: Literal["slack", "teams"]
    destination: str
    stage: Stage


class Sent(Record):
    """A message that was sent: where it is, and a fingerprint of what it shows."""

    slot: Slot
    place: str
    shows: str
