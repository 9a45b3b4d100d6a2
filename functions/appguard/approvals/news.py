"""Which events the owner is told about, and some the reviewers too, and in which words."""

from collections.abc import Callable, Mapping

from appguard.approvals.email import Mail, compose
from appguard.apps.model import App, KnownFault
from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent
from appguard.reviews.model import Refused, Review

Words = tuple[str, list[str], list[str]]


def _published(app: App, _: Review | None) -> Words:
    until = (
        f" It runs until {app.publication.retire_on:%d %B %Y}, unless you renew it."
        if app.publication
        else ""
    )
    return f"{app.name} is published", [f"Colleagues can use “{app.name}” now.{until}"], []


def _refused(app: App, review: Review | None) -> Words:
    reasons = list(review.reasons) if isinstance(review, Refused) else []
    by = "A reviewer" if isinstance(review, Refused) and review.decided_by else "An automatic check"
    return (
        f"{app.name} was refused",
        [f"{by} refused this version of “{app.name}”. Correct what is listed and submit it again."],
        reasons,
    )


def _expired(app: App, _: Review | None) -> Words:
    return (
        f"Nobody decided about {app.name} in time",
        [f"No reviewer decided about “{app.name}” within the given time. Submit it again to ask once more."],
        [],
    )


def _failed(app: App, _: Review | None) -> Words:
    return (
        f"{app.name} could not be published",
        [
            f"Something on our side did not work while “{app.name}” was being published.",
            "Nothing is lost. Submit it again; if it fails again, tell the platform team.",
        ],
        [],
    )


def _suspended(app: App, _: Review | None) -> Words:
    return (
        f"{app.name} is switched off",
        [
            f"“{app.name}” is switched off and reads no data: nobody used it for a while, or somebody asked.",
            "If it is still needed, confirm that on its page; it is back within a minute.",
        ],
        [],
    )


def _archived(app: App, _: Review | None) -> Words:
    return (
        f"{app.name} is retired",
        [f"“{app.name}” is retired: its function, role and secret are gone, its records are kept."],
        [],
    )


def _lapsed(app: App, _: Review | None) -> Words:
    return (
        f"{app.name} needs a reviewer's word again",
        [
            f"What a reviewer had accepted about “{app.name}” for a time has expired or was taken back.",
            "It goes on running, but it cannot be renewed before a reviewer accepts it again or a version"
            " without it is published. Its page says what it is about.",
        ],
        [],
    )


def _vulnerable(app: App, _: Review | None) -> Words:
    faults = app.publication.faults if app.publication else ()
    return (
        f"{app.name} brings a package with a known fault",
        [
            f"Something became known about packages of “{app.name}” after it was approved. It goes on"
            " running: whether it may, people decide.",
            "The owner publishes a version with the change that is named; security can pause it until then.",
        ],
        [f"{one.package} {one.version}: {one.advisory}. {_to_do(one)}" for one in faults],
    )


def _to_do(fault: KnownFault) -> str:
    if fault.malicious:
        return f"It is malicious software: remove {fault.package}."
    if fault.fixed:
        return f"Pin {fault.package}=={fault.fixed}."
    return f"No version mends it yet: do without {fault.package}, or have it accepted with the next version."


def _kept_inside(app: App, _: Review | None) -> Words:
    return (
        f"{app.name} gives out no more files of personal data",
        [
            f"That rows of “{app.name}” may leave it as a file was allowed for a time; that has ended or was"
            " taken back. The app itself runs on.",
            "If files are still needed, export once more: the refusal says where to ask.",
        ],
        [],
    )


TOLD: Mapping[str, Callable[[App, Review | None], Words]] = {
    Action.REVIEW_PUBLISHED: _published,
    Action.REVIEW_REFUSED: _refused,
    Action.REVIEW_EXPIRED: _expired,
    Action.REVIEW_FAILED: _failed,
    Action.APP_SUSPENDED: _suspended,
    Action.APP_ARCHIVED: _archived,
    Action.APP_VULNERABLE: _vulnerable,
    Action.EXCEPTION_EXPIRED: _lapsed,
    Action.EXCEPTION_REVOKED: _lapsed,
}


ALSO_REVIEWERS = frozenset({Action.APP_VULNERABLE})
"""Told as well to those who review: security is among them, and may pause an app."""


def news(event: AuditEvent, app: App, review: Review | None, portal_url: str) -> Mail | None:
    """The mail to the owner about `event`, or None where nobody needs to be told."""
    words = TOLD.get(event.action)
    if words is None:
        return None
    if words is _lapsed and event.metadata.get("kind") == "export":
        words = _kept_inside
    subject, paragraphs, items = words(app, review)
    link = ("Open the app's page", f"{portal_url.rstrip('/')}/my/{app.app_id}")
    return compose(app.owner_email, subject, paragraphs, items, link)
