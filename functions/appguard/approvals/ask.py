"""Asking: an approval, and mails with the link to it."""

from collections.abc import Iterator

from appguard.approvals.addressees import addressees
from appguard.approvals.approvals import approvals
from appguard.approvals.channels.sent import Stage
from appguard.approvals.channels.showing import people_asked, summary_of
from appguard.approvals.email import Mail, approval_asked
from appguard.approvals.mailer import MailSettings, mailer
from appguard.portal.access import roles_of
from appguard.reviews.model import StepInput


def ask(step: StepInput, task_token: str) -> None:
    """Ask about this run, unless people have decided on the same evidence already."""
    locator = approvals().ask(step, task_token)
    if locator is not None:
        for mail in mails(locator, "asked"):
            mailer().send(mail)


def mails(ref: str, stage: Stage) -> Iterator[Mail]:
    """A mail to everybody whose word is needed; none once a request has ended."""
    summary, approval = summary_of(ref), approvals().open(ref).approval
    if summary.ended is None:
        for address in addressees(approval, people_asked(ref), roles_of, MailSettings.from_env().reviewers):
            yield approval_asked(address, summary, stage)
