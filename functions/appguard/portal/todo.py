"""What waits for a person, as cards of the home page: what it is, where it is done, and until when."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from appguard.approvals.exceptions.model import ExceptionRecord
from appguard.approvals.model import ApprovalBase
from appguard.apps.lifecycle import State
from appguard.apps.model import App, Offer
from appguard.kernel.levels import RiskTier
from appguard.kernel.phrase import Phrase as _

ENDS_SOON = timedelta(days=30)


class Todo(NamedTuple):
    """One card. `until` is the last moment at which it makes sense."""

    label: str
    tone: str
    title: str
    address: str
    about: str
    until: date | datetime | None = None
    tier: RiskTier | None = None


NEEDS_OWNER = {
    State.REFUSED: _("The last review refused it: see what was found, change it, submit it again."),
    State.SUSPENDED: _("It is paused: take it into use again if it is still needed."),
    State.QUARANTINED: _("Security has locked it: see what was said. You cannot bring it back yourself."),
}
NEXT: dict[State, tuple[str, str]] = {
    State.DRAFT: (_("Go on editing"), "/edit"),
    State.REFUSED: (_("See what to change"), ""),
    State.IN_REVIEW: (_("See how the review goes"), ""),
    State.APPROVED: (_("See how the set-up goes"), ""),
    State.ACTIVE: (_("See use, dates and versions"), ""),
    State.SUSPENDED: (_("Take it into use again"), "/recertify"),
    State.QUARANTINED: (_("See what this means"), ""),
}
"""What an owner does next with an app, and where."""


def decisions(waiting: Iterable[ApprovalBase]) -> Iterator[Todo]:
    """Versions that wait for this reviewer."""
    for each in waiting:
        yield Todo(
            _("Decision asked"),
            "warn",
            each.app_name,
            f"/approvals/{each.approval_id}",
            _("See what changed and what it may touch, then decide."),
            each.expires_at,
            each.tier,
        )


def own_apps(mine: Iterable[App], today: date) -> Iterator[Todo]:
    """Apps that stand still without their owner, or end soon."""
    for app in mine:
        address = f"/my/{app.app_id}"
        if about := NEEDS_OWNER.get(app.state):
            yield Todo(_("Your app"), "bad", app.name, address, about)
        elif app.state is State.ACTIVE and app.publication and app.publication.retire_on - today <= ENDS_SOON:
            yield Todo(
                _("Ends soon"),
                "warn",
                app.name,
                f"{address}/recertify",
                _("Recertify it if it is still needed; otherwise it is retired."),
                app.publication.retire_on,
            )


def offers(offered: Iterable[Offer]) -> Iterator[Todo]:
    """Apps somebody wants to hand over to this person."""
    for each in offered:
        about = _("{owner} asks you to take it over.", owner=each.by_email)
        yield Todo(_("Offered to you"), "info", each.app_name, f"/my/{each.app_id}/offer", about)


def ending(standing: Iterable[ExceptionRecord]) -> Iterator[Todo]:
    """Exceptions of one's own apps that end soon: a reviewer renews them, or a version without them comes."""
    for each in standing:
        yield Todo(
            _("Exception ends"),
            "warn",
            each.app_name,
            f"/my/{each.app_id}",
            _("Submit a version without it, or ask a reviewer to renew it."),
            each.expires_at,
        )


def to_renew(count: int) -> Iterator[Todo]:
    """One card for all exceptions a reviewer may renew."""
    if count:
        yield Todo(
            _("Exceptions"),
            "warn",
            _("{count} end soon", count=count),
            "/exceptions?show=expiring",
            _("Renew what is still acceptable, with a reason."),
        )
