"""Where a request goes in Slack: the team's channel, or to each person who may decide."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from appguard.approvals.channels.slack.api import SlackApi
from appguard.approvals.summary import ApprovalSummary
from appguard.kernel.person import Person


@dataclass(frozen=True)
class Destinations:
    """The channel that was set; without one, the people who are asked and have an account in Slack."""

    slack: SlackApi
    channel: str
    recipients: Callable[[str], Iterable[Person]]

    def __call__(self, summary: ApprovalSummary) -> Iterator[str]:
        """Ids that messages can be posted to. Who is not in Slack has the mail."""
        if self.channel:
            yield self.channel
            return
        for person in self.recipients(summary.approval_id):
            if user := self.slack.user_id(person.email):
                yield user
