"""The mail that tells auditors of a new report."""

from typing import Any

from appguard.approvals.email import Mail, compose
from appguard.approvals.mailer import MailSettings, mailer
from appguard.kernel.event import AuditEvent
from appguard.reports.checks import State
from appguard.reports.settings import AuditorSettings
from appguard.reports.shelf import LINK_LASTS, shelf
from appguard.reports.shelved import Shelved
from appguard.reports.words.dates import span


def tell(event: AuditEvent, context: Any) -> None:
    """Tell each auditor once of the report that `event` says was made; `context` is Lambda's."""
    shelved, portal = shelf().get(event.resource.id), MailSettings.from_env().portal_url.rstrip("/")
    for address in AuditorSettings.from_env().addresses:
        mail = words(address, shelved, f"{portal}/reports/link/{shelf().link(shelved.report_id)}")
        mailer().send_once(mail, f"{event.event_id}#{address}", context)


def words(to: str, shelved: Shelved, link: str) -> Mail:
    """What happened, what failed, and a link that shows nothing before a sign-in."""
    failed, period = shelved.counts[State.FAILED], span(shelved.period)
    return compose(
        to,
        f"{shelved.title} report, {period}: {_controls(failed) if failed else 'no control'} failed",
        [
            f"The {shelved.title} compliance report for {period} is ready:"
            f" {', '.join(f'{_controls(count)} {state}' for state, count in shelved.counts.items())}.",
            "The ledger does NOT verify: its figures are in doubt."
            if shelved.unverified
            else "The ledger it is computed from verifies.",
            *(["What failed:"] if failed else []),
        ],
        list(shelved.failed),
        (f"Open the report, signed in as yourself, within {LINK_LASTS.days} days", link),
    )


def _controls(count: int) -> str:
    return "1 control" if count == 1 else f"{count} controls"
