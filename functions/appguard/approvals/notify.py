"""What follows from an event on the bus: decisions are delivered, owners are told."""

from collections.abc import Iterator
from typing import Any

from appguard.approvals.approvals import approvals
from appguard.approvals.ask import mails
from appguard.approvals.channels.stages import STAGES
from appguard.approvals.exceptions.exceptions import exceptions
from appguard.approvals.exceptions.model import export_identity, to_accept
from appguard.approvals.mailer import MailSettings, mailer
from appguard.approvals.news import ALSO_REVIEWERS, TOLD, news
from appguard.approvals.warnings import budget_used_up
from appguard.apps.catalog import catalog
from appguard.apps.model import App
from appguard.connectors.budgets.alert import BUDGET_EXCEEDED
from appguard.connectors.registry import registry
from appguard.gates.evidence import results
from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId, ReviewId
from appguard.reviews.reviews import reviews

REVIEW_ENDS = frozenset(
    {
        Action.REVIEW_REFUSED,
        Action.REVIEW_EXPIRED,
        Action.REVIEW_WITHDRAWN,
        Action.REVIEW_FAILED,
        Action.REVIEW_PUBLISHED,
    }
)

AGAIN = frozenset({Action.APPROVAL_REMINDED, Action.APPROVAL_ESCALATED})
"""Told by mail once more; that people are asked, the run itself tells, which knows the link's locator."""


def follow(event: AuditEvent, context: Any) -> None:
    """Do what follows from `event`; doing it twice does nothing more. `context` is Lambda's."""
    carry_on(event)
    if event.action in AGAIN:
        for mail in mails(event.resource.id, STAGES[event.action]):
            mailer().send_once(mail, f"{event.event_id}#{mail.to}", context)
    if event.action == Action.REVIEW_PUBLISHED and event.app_id:
        settle(event.app_id, ReviewId(event.resource.id))
    if event.action == Action.APP_ARCHIVED and event.app_id:
        exceptions().settle(event.app_id, ())
    if event.action in TOLD and event.app_id:
        tell(event, context)
    if event.action == BUDGET_EXCEEDED and event.app_id:
        warn(event, event.app_id, context)


def carry_on(event: AuditEvent) -> None:
    """What an approval leads to, and what ends one."""
    if event.action == Action.APPROVAL_DECIDED:
        approvals().deliver(str(event.metadata["approval_id"]))
    if event.action in REVIEW_ENDS:
        approvals().close(ReviewId(event.resource.id), str(event.metadata["execution"]))
    if event.action in (Action.APPROVAL_WITHDRAWN, Action.REVIEW_WITHDRAWN):
        review_id = ReviewId(str(event.metadata.get("review_id", event.resource.id)))
        approvals().withdrawals.finish(review_id, str(event.metadata["execution"]), event.actor)
    if event.action == Action.APP_DRAFTED and event.app_id:
        approvals().withdrawals.void(event.app_id, event.actor)


def settle(app_id: AppId, review_id: ReviewId) -> None:
    """Close the exceptions that the version in use does not need; late news of an older one says nothing."""
    review, app = reviews().get(review_id), catalog().get(app_id)
    if app.in_use == review.bundle_digest:
        found = [finding for result in results(review_id) for finding in result.findings]
        accepted = {each.identity for each in to_accept(found)}
        exceptions().settle(app_id, accepted | set(_askable(app)))


def _askable(app: App) -> Iterator[str]:
    """The export of every query that the version in use may ask: identities of what could be accepted."""
    grants = app.publication.grants.connectors if app.publication else {}
    for connector, grant in grants.items():
        for query in grant.queries:
            yield export_identity(connector, query)


def warn(event: AuditEvent, app_id: AppId, context: Any) -> None:
    """Warn the data's owner and security, each once per event."""
    settings = MailSettings.from_env()
    app = catalog().get(app_id)
    for mail in budget_used_up(event, app, registry(), settings.reviewers, settings.portal_url):
        mailer().send_once(mail, f"{event.event_id}#{mail.to}", context)


def tell(event: AuditEvent, context: Any) -> None:
    """Tell the owner, and the reviewers where it concerns them, once per event."""
    if event.app_id is None:
        return
    review = reviews().get(ReviewId(event.resource.id)) if event.action in REVIEW_ENDS else None
    settings = MailSettings.from_env()
    mail = news(event, catalog().get(event.app_id), review, settings.portal_url)
    if mail:
        mailer().send_once(mail, str(event.event_id), context)
    if mail and event.action in ALSO_REVIEWERS:
        to_reviewers = mail.model_copy(update={"to": settings.reviewers})
        mailer().send_once(to_reviewers, f"{event.event_id} to reviewers", context)
