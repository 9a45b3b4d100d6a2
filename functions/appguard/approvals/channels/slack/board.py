"""What Slack shows of requests: posted once, changed in place until somebody decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from appguard.approvals.channels.sent import Sent, Slot, Stage
from appguard.approvals.channels.showing import people_asked, summary_of
from appguard.approvals.channels.slack.api import Place, SlackApi, slack
from appguard.approvals.channels.slack.destinations import Destinations
from appguard.approvals.channels.slack.message import Message, message, nudge
from appguard.approvals.channels.slack.settings import SlackSettings, slack_secret
from appguard.approvals.channels.stages import STAGES
from appguard.approvals.channels.store import ChannelStore, channel_store
from appguard.approvals.summary import ApprovalSummary
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import ReviewId


@dataclass(frozen=True)
class Board:
    """Messages about approvals. `summary` is asked for anew each time: events come late and out of order."""

    slack: SlackApi
    store: ChannelStore
    summary: Callable[[str], ApprovalSummary]
    destinations: Callable[[ApprovalSummary], Iterable[str]]

    def follow(self, event: AuditEvent) -> None:
        """Do what follows from an event about an approval; doing it twice does nothing more."""
        if stage := STAGES.get(event.action):
            self.announce(event.resource.id, stage)
        self.refresh(ReviewId(str(event.metadata["review_id"])))

    def announce(self, approval_id: str, stage: Stage) -> None:
        """Tell every destination; raises the first problem after all were tried."""
        summary = self.summary(approval_id)
        if summary.ended:
            return
        problems = []
        for destination in self.destinations(summary):
            try:
                self._tell(summary, destination, stage)
            except AppGuardError as problem:
                problems.append(problem)
        if problems:
            raise problems[0]

    def refresh(self, review_id: ReviewId) -> None:
        """Bring every message about a review's requests up to date."""
        for sent in self.store.sent(review_id):
            if sent.slot.channel == "slack" and sent.slot.stage == "asked":
                self._bring_up(sent)

    def _tell(self, summary: ApprovalSummary, destination: str, stage: Stage) -> None:
        """The whole request to whom it is new; a word in its thread to whom it is not."""
        if posted := self._post(summary, destination, "asked", message(summary)):
            self._bring_up(posted)
        elif stage != "asked":
            first = self._first(summary, destination)
            self._post(summary, destination, stage, nudge(summary, stage), first)

    def _post(
        self,
        summary: ApprovalSummary,
        destination: str,
        stage: Stage,
        said: Message,
        under: Place | None = None,
    ) -> Sent | None:
        """What was posted; None where it was posted before, or somebody is about to."""
        slot = Slot(
            review_id=summary.review_id,
            approval_id=summary.approval_id,
            channel="slack",
            destination=destination,
            stage=stage,
        )
        if not self.store.claim(slot):
            return None
        try:
            place = self.slack.post(destination, said, under.ts if under else None)
        except AppGuardError:
            self.store.release(slot)
            raise
        sent = Sent(slot=slot, place=place.model_dump_json(), shows=said.fingerprint())
        self.store.keep(sent)
        return sent

    def _first(self, summary: ApprovalSummary, destination: str) -> Place | None:
        for sent in self.store.sent(summary.review_id):
            slot = sent.slot
            if (slot.approval_id, slot.destination, slot.stage) == (
                summary.approval_id,
                destination,
                "asked",
            ):
                return Place.model_validate_json(sent.place)
        return None

    def _bring_up(self, sent: Sent) -> None:
        """Until it shows what is so now: what changed while we wrote is seen by looking once more."""
        while (said := message(self.summary(sent.slot.approval_id))).fingerprint() != sent.shows:
            self.slack.update(Place.model_validate_json(sent.place), said)
            sent = sent.model_copy(update={"shows": said.fingerprint()})
            self.store.keep(sent)


def board() -> Board:
    """The board of this deployment, with the secret as it is now."""
    settings, secret = SlackSettings.from_env(), slack_secret()
    api = slack(secret.bot_token.get_secret_value(), settings.api_url, patience=2, seconds=10)
    return Board(api, channel_store(), summary_of, Destinations(api, settings.channel, people_asked))
