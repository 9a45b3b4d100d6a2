"""Somewhere events go."""

from collections.abc import Sequence
from typing import Protocol

from appguard.kernel.event import RetentionClass
from appguard.siem.model import Limits, Message, Outcome


class Destination(Protocol):
    """Takes events, and says so only once they are safe there."""

    limits: Limits

    def send(self, log: RetentionClass, start: int, messages: Sequence[Message]) -> Outcome:
        """Deliver messages of the batch that begins at `start` of `log`.

        Raises `Away` where nothing is known to have arrived, `Refused` where nothing ever will.
        """
        ...
