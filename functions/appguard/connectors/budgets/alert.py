"""The event that a budget is used up: once a day for each person, app, connector and class."""

from datetime import UTC, datetime

from appguard.connectors.budgets.budget import Account
from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Resource, Result, Role
from appguard.kernel.ids import AppId, EventId
from appguard.kernel.person import Person

BUDGET_EXCEEDED = Action.DATA_BUDGET_EXCEEDED


def budget_exceeded(account: Account, person: Person, most: int, at: datetime) -> AuditEvent:
    """What the owner of the data and security are told."""
    return AuditEvent.of(
        BUDGET_EXCEEDED,
        person.acting_as(Role.EMPLOYEE),
        Resource(type="connector", id=account.connector),
        at,
        event_id=EventId.of(BUDGET_EXCEEDED, account.on(at.astimezone(UTC).date())),
        result=Result.DENIED,
        app_id=AppId(account.app_id),
        connector=account.connector,
        data_class=account.class_.value,
        rows_a_day=most,
    )
