"""Which events are told anew, and as what; any other changes what is there."""

from collections.abc import Mapping

from appguard.approvals.channels.sent import Stage
from appguard.kernel.actions import Action

STAGES: Mapping[str, Stage] = {Action.APPROVAL_ASKED: "asked"}
