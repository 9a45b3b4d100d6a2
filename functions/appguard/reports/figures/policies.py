"""Which policies came into force, proposed and published by whom."""

from appguard.kernel.actions import Action
from appguard.kernel.event import Result
from appguard.reports.history import History
from appguard.reports.model import Period, PolicyLine


def policies(history: History, period: Period) -> tuple[PolicyLine, ...]:
    """Each publication of the period, with who had proposed it."""
    return tuple(
        PolicyLine(
            event_id=event.event_id,
            at=event.timestamp,
            digest=event.resource.id,
            proposed_by=str(event.metadata.get("proposed_by", "")),
            published_by=event.actor.id,
        )
        for event in history.story
        if event.action == Action.POLICY_PUBLISHED
        and event.result is Result.SUCCESS
        and period.holds(event.timestamp)
    )
