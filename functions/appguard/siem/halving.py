"""Finds the one message that keeps a whole request from being taken."""

from collections.abc import Callable, Sequence

from appguard.siem.errors import Indigestible
from appguard.siem.model import Message, Outcome, Rejection


def halving(send: Callable[[Sequence[Message]], Outcome], messages: Sequence[Message]) -> Outcome:
    """Send messages; where their content is refused, each half. A single one is then rejected."""
    try:
        return send(messages)
    except Indigestible as refusal:
        if len(messages) == 1:
            [one] = messages
            return Outcome(rejected=[Rejection(one.index, one.event_id, refusal.said, one.action)])
    middle = len(messages) // 2
    first, second = halving(send, messages[:middle]), halving(send, messages[middle:])
    return Outcome(
        [*first.rejected, *second.rejected],
        [*first.again, *second.again],
        max(filter(None, (first.retry_after, second.retry_after)), default=None),
    )
