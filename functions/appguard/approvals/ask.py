"""Asking: an approval, and the mail with the link to it."""

from appguard.approvals.approvals import approvals
from appguard.approvals.email import approval_asked
from appguard.approvals.mailer import MailSettings, mailer
from appguard.approvals.model import EXPIRES_AFTER
from appguard.reviews.model import StepInput


def ask(step: StepInput, task_token: str) -> None:
    """Ask the reviewers about this run, unless a person has decided on the same evidence already."""
    locator = approvals().ask(step, task_token)
    if locator is None:
        return
    settings = MailSettings.from_env()
    opened = approvals().open(locator)
    link = f"{settings.portal_url.rstrip('/')}/approvals/{locator}"
    mailer().send(approval_asked(settings.reviewers, opened.evidence, link, EXPIRES_AFTER.days))
