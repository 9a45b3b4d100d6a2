"""Where a decision in Slack is taken: a button opens the confirmation, the confirmation decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from appguard.approvals.approvals import Approvals, approvals
from appguard.approvals.channels.showing import summary_of
from appguard.approvals.channels.slack import modal
from appguard.approvals.channels.slack.api import SlackApi, slack
from appguard.approvals.channels.slack.denied import note_denied
from appguard.approvals.channels.slack.errors import NotFromSlack, OtherWorkspace
from appguard.approvals.channels.slack.member import Directory, person_of
from appguard.approvals.channels.slack.message import EVIDENCE, refused
from appguard.approvals.channels.slack.payload import Interaction, Press, Submission, read
from appguard.approvals.channels.slack.settings import SlackSettings, slack_secret
from appguard.approvals.channels.slack.signature import REMEMBERED, signature_of
from appguard.approvals.channels.store import ChannelStore, channel_store
from appguard.approvals.errors import AlreadyDecided, CommentRequired
from appguard.approvals.model import Verdict
from appguard.approvals.summary import ApprovalSummary
from appguard.directory.directory import directory
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, Forbidden, Invalid, TooLarge
from appguard.kernel.person import Person

Answer = dict[str, Any] | None
TRIGGERS = timedelta(hours=1)
"""How long an interaction is remembered, so that Slack may send it again."""


@dataclass(frozen=True)
class Desk:
    """Answers one workspace. `denied` notes who was refused before it was known who they are."""

    slack: SlackApi
    store: ChannelStore
    approvals: Approvals
    summary: Callable[[str], ApprovalSummary]
    people: Directory
    denied: Callable[[str, Interaction, AppGuardError], None]
    signing_secret: str
    team_id: str
    clock: Clock = utc_now

    def answer(self, body: str, headers: Mapping[str, str]) -> Answer:
        """What Slack is told in return; raises `NotFromSlack`, `OtherWorkspace` or `Invalid`."""
        signature = signature_of(body, headers, self.signing_secret, self.clock())
        if not self.store.first_time(f"signature {signature}", REMEMBERED):
            if "x-slack-retry-num" in headers:
                return None
            raise NotFromSlack("This request was answered before")
        interaction = read(body)
        if interaction.team.id != self.team_id:
            raise OtherWorkspace("This request is of another workspace")
        if not self.store.first_time(f"trigger {interaction.trigger_id}", TRIGGERS):
            return None
        if isinstance(interaction, Press):
            self._pressed(interaction)
            return None
        return self._submitted(interaction)

    def _pressed(self, press: Press) -> None:
        """Open the confirmation, or tell the one who pressed why there is none."""
        for action in press.actions:
            if action.action_id == EVIDENCE:
                continue
            try:
                self._confirm(press, action.action_id, action.value)
            except AppGuardError as problem:
                if not press.container.channel_id:
                    raise
                self.slack.whisper(press.container.channel_id, press.user.id, refused(problem))

    def _confirm(self, press: Press, action: str, approval_id: str) -> None:
        try:
            verdict = Verdict(action)
        except ValueError:
            raise Invalid("This is no button of ours") from None
        summary = self.summary(approval_id)
        self._person(press, approval_id)
        if summary.ended:
            raise AlreadyDecided(summary.ended.sentence)
        self.slack.show(press.trigger_id, modal.confirmation(summary, verdict, self.clock()))

    def _submitted(self, submission: Submission) -> Answer:
        """Decide; what speaks against it is shown in the dialog, to be mended where it can be."""
        try:
            if submission.view.callback_id != modal.CONFIRMED:
                raise Invalid("This is no dialog of ours")
            asked = modal.Confirmation.read(submission.view.private_metadata, self.clock())
            person = self._person(submission, asked.approval_id)
            comment = submission.view.state.text(modal.COMMENT)
            self.approvals.decide(asked.approval_id, person, asked.verdict, comment)
            view = modal.done(self.summary(asked.approval_id))
        except (CommentRequired, TooLarge) as problem:
            return {"response_action": "errors", "errors": {modal.COMMENT: problem.message}}
        except AppGuardError as problem:
            view = modal.refusal(problem)
        return {"response_action": "update", "view": view}

    def _person(self, interaction: Interaction, approval_id: str) -> Person:
        """Who this is to us; who is nobody is an entry of the ledger, too."""
        try:
            return person_of(
                self.slack.user(interaction.user.id), interaction.user, self.team_id, self.people
            )
        except Forbidden as problem:
            self.denied(approval_id, interaction, problem)
            raise


def desk() -> Desk:
    """The desk of this deployment, with the secret as it is now."""
    settings, secret = SlackSettings.from_env(), slack_secret()
    return Desk(
        slack(secret.bot_token.get_secret_value(), settings.api_url, patience=0, seconds=2),
        channel_store(),
        approvals(),
        summary_of,
        directory().by_email,
        note_denied,
        secret.signing_secret.get_secret_value(),
        settings.team_id,
    )
