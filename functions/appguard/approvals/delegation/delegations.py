"""Naming a delegate, taking that back, and who stands in for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import ValidationError

from appguard.approvals.delegation.errors import NoSuchDelegate, NotSomeDays
from appguard.approvals.delegation.model import Delegation
from appguard.approvals.delegation.store import DelegationStore
from appguard.approvals.seats import seats_of
from appguard.approvals.settings import ApprovalSettings
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import AuditEvent, Resource, Role
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person


@dataclass(frozen=True)
class Delegations:
    """The delegations of the platform; `by_email` knows who works here, `roles` what somebody may."""

    store: DelegationStore
    by_email: Callable[[str], Person | None]
    roles: Callable[[Person], frozenset[Role]]
    clock: Clock = utc_now

    def name(self, by: Person, email: str, first_day: date, last_day: date) -> Delegation:
        """Let a colleague be asked instead of `by`; in place of whom they named before.

        Raises `NoSuchDelegate` unless the colleague may take every seat that `by` may, or `NotSomeDays`.
        """
        now, before = self.clock(), self.store.of(by.id)
        delegate, own = self.by_email(email.strip()), seats_of(self.roles(by))
        if delegate is None or delegate.id == by.id:
            raise NoSuchDelegate("no colleague signs in with this address")
        if not own or not own <= seats_of(self.roles(delegate)):
            raise NoSuchDelegate("this colleague does not have the same roles as you")
        if last_day < now.date():
            raise NotSomeDays("these days are over")
        try:
            named = Delegation(
                of=by.id,
                of_email=by.email,
                to=delegate.id,
                to_email=delegate.email,
                first_day=first_day,
                last_day=last_day,
                named_at=now,
                version=before.version if before else 0,
            )
        except ValidationError:
            raise NotSomeDays("the last day is not within 90 days of the first") from None
        self.store.save(named, self._event(Action.DELEGATION_NAMED, named))
        return named

    def take_back(self, by: Person) -> None:
        """Nobody is asked instead of `by` any more; without a delegate there is nothing to do."""
        if found := self.store.of(by.id):
            self.store.remove(found, self._event(Action.DELEGATION_REVOKED, found))

    def of(self, person: PersonId) -> Delegation | None:
        """The person's delegation, if it is not over."""
        found = self.store.of(person)
        return found if found and found.last_day >= self.clock().date() else None

    def stand_in(self, person: PersonId) -> PersonId | None:
        """Who is asked instead of somebody today, if they are away."""
        found = self.store.of(person)
        return found.to if found and found.holds(self.clock()) else None

    def away(self, delegate: PersonId) -> list[PersonId]:
        """For whom this person stands in today."""
        return [each.of for each in self.store.to(delegate) if each.holds(self.clock())]

    def _event(self, action: Action, delegation: Delegation) -> AuditEvent:
        return AuditEvent.of(
            action,
            Person(id=delegation.of, email=delegation.of_email, name="").acting_as(Role.REVIEWER),
            Resource(type="delegation", id=delegation.of),
            self.clock(),
            delegate=str(delegation.to),
            first_day=str(delegation.first_day),
            last_day=str(delegation.last_day),
        )


@cache
def delegations() -> Delegations:
    """The deployment's delegations, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415
    from appguard.directory.directory import directory  # noqa: PLC0415
    from appguard.portal.access import roles_of  # noqa: PLC0415

    store = DelegationStore(boto3.client("dynamodb"), outbox(), ApprovalSettings.from_env().table)
    return Delegations(store, directory().by_email, roles_of)
