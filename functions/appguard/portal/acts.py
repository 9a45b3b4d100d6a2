"""What can be done with an app from its page: in words, to whom it is open, and when."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.kernel.event import Role
from appguard.kernel.phrase import Phrase as _
from appguard.portal.access import (
    LOCKERS,
    RECERTIFIERS,
    RELEASERS,
    RETIRERS,
    SUSPENDERS,
    TRANSFERRERS,
)
from appguard.portal.http import Request


class Act(StrEnum):
    """One button of the app page, by its name in addresses."""

    SUSPEND = "suspend"
    RECERTIFY = "recertify"
    TRANSFER = "transfer"
    LOCK = "lock"
    RELEASE = "release"
    RETIRE = "retire"


@dataclass(frozen=True)
class Words:
    """What the button and its page say. `why` asks for a reason; without it none is needed."""

    button: str
    title: str
    happens: tuple[str, ...]
    why: str
    danger: bool = False


@dataclass(frozen=True)
class Rule:
    """In which states it can be done, by the owner or not, and by whom else."""

    states: frozenset[State]
    owner: bool
    others: Set[Role]


RUNNING = frozenset({State.ACTIVE, State.SUSPENDED})
RULES: Mapping[Act, Rule] = {
    Act.SUSPEND: Rule(frozenset({State.ACTIVE}), owner=True, others=SUSPENDERS),
    Act.RECERTIFY: Rule(RUNNING, owner=True, others=RECERTIFIERS),
    Act.TRANSFER: Rule(frozenset(State) - {State.RETIRED, State.ARCHIVED}, owner=True, others=TRANSFERRERS),
    Act.LOCK: Rule(RUNNING, owner=False, others=LOCKERS),
    Act.RELEASE: Rule(frozenset({State.QUARANTINED}), owner=False, others=RELEASERS),
    Act.RETIRE: Rule(RUNNING | {State.QUARANTINED}, owner=True, others=RETIRERS),
}

WORDS: Mapping[Act, Words] = {
    Act.SUSPEND: Words(
        _("Pause"),
        _("Pause this app?"),
        (
            _("It stops answering at once; colleagues see that it is paused."),
            _("Its data and its page stay."),
            _("Recertifying brings it back."),
        ),
        _("Why it has to stop"),
    ),
    Act.RECERTIFY: Words(
        _("Recertify"),
        _("Is this app still needed?"),
        (
            _("Its dates begin anew: when it ends, and when it is paused if nobody uses it."),
            _("If it is paused, it is in use again at once."),
        ),
        "",
    ),
    Act.TRANSFER: Words(
        _("Transfer"),
        _("Hand this app over?"),
        (
            _("The person you name is asked on their home page; nothing changes until they accept."),
            _("Then they answer for it, and you cannot change it any more."),
            _(
                "From then on they cannot approve anything about it. Whoever approved the version in use"
                " cannot take it over."
            ),
            _("The approval of an earlier version spares the next one no reviewer any more."),
        ),
        _("Why, and what the new owner should know"),
    ),
    Act.LOCK: Words(
        _("Lock"),
        _("Lock this app?"),
        (
            _("It gets no data from this moment on, and stops answering."),
            _("Its owner cannot bring it back; only security releases it."),
            _("Its data, versions and evidence stay as they are."),
        ),
        _("What is suspected"),
        danger=True,
    ),
    Act.RELEASE: Words(
        _("Release"),
        _("Release this app?"),
        (_("It is in use again at once, with what it may touch unchanged."),),
        _("What was found, and why it is safe"),
    ),
    Act.RETIRE: Words(
        _("Retire"),
        _("Retire this app for good?"),
        (
            _("It is taken down: its function, its role and its secret are deleted."),
            _("Its files and evidence are archived; nothing brings it back."),
        ),
        _("Why it is not needed any more"),
        danger=True,
    ),
}


def possible(request: Request, app: App) -> list[Act]:
    """The buttons this person sees now; the routes check again."""
    return [act for act in Act if app.state in RULES[act].states and role_for(request, app, act)]


def role_for(request: Request, app: App, act: Act) -> Role | None:
    """In which role the person may do it, if in any: as the owner before all others."""
    rule = RULES[act]
    if rule.owner and app.owner == request.person.id:
        return Role.REQUESTER
    return min(request.roles & rule.others, default=None)
