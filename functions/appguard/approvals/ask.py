"""Asking: an approval, and the mail with the link to it."""

from appguard.approvals.approvals import approvals
from appguard.approvals.channels.showing import summary_of
from appguard.approvals.email import approval_asked
from appguard.approvals.mailer import MailSettings, mailer
from appguard.reviews.model import StepInput


def ask(step: StepInput, task_token: str) -> None:
    """Ask the reviewers about this run, unless a person has decided on the same evidence already."""
    locator = approvals().ask(step, task_token)
    if locator is not None:
        mailer().send(approval_asked(MailSettings.from_env().reviewers, summary_of(locator)))
