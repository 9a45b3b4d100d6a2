"""What Teams is told of requests: each stage once; how it ended, the link in the card shows."""

from collections.abc import Callable
from dataclasses import dataclass

from appguard.approvals.channels.sent import Sent, Slot
from appguard.approvals.channels.showing import summary_of
from appguard.approvals.channels.stages import STAGES
from appguard.approvals.channels.store import ChannelStore, channel_store
from appguard.approvals.channels.teams.card import message
from appguard.approvals.channels.teams.webhook import TeamsSecret, Webhook
from appguard.approvals.summary import ApprovalSummary
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import AuditEvent
from appguard.secrets.content import content
from appguard.secrets.names import SecretName
from appguard.secrets.provider import provider


@dataclass(frozen=True)
class Poster:
    """Cards about approvals, in one channel."""

    webhook: Webhook
    store: ChannelStore
    summary: Callable[[str], ApprovalSummary]

    def follow(self, event: AuditEvent) -> None:
        """Tell of a request that is new, or that waits for long; doing it twice does nothing more."""
        stage = STAGES.get(event.action)
        if stage is None:
            return
        summary = self.summary(event.resource.id)
        slot = Slot(
            review_id=summary.review_id,
            approval_id=summary.approval_id,
            channel="teams",
            destination="webhook",
            stage=stage,
        )
        if summary.ended or not self.store.claim(slot):
            return
        try:
            self.webhook.send(message(summary, stage))
        except AppGuardError:
            self.store.release(slot)
            raise
        self.store.keep(Sent(slot=slot, place="", shows=""))


def poster() -> Poster:
    """The poster of this deployment, with the secret as it is now."""
    address = content(provider(), SecretName.channel("teams"), TeamsSecret).url.get_secret_value()
    return Poster(Webhook(address, {}), channel_store(), summary_of)
