"""Which events are told anew, and in which words; any other changes what is there."""

from collections.abc import Mapping

from appguard.approvals.channels.sent import Stage
from appguard.kernel.actions import Action

STAGES: Mapping[str, Stage] = {
    Action.APPROVAL_ASKED: "asked",
    Action.APPROVAL_REMINDED: "reminded",
    Action.APPROVAL_ESCALATED: "escalated",
}

TITLES: Mapping[Stage, str] = {
    "asked": "Please decide",
    "reminded": "Still to be decided",
    "escalated": "Nobody has decided yet",
}
