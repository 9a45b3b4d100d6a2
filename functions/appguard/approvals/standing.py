"""What one person can do about an approval, and what of all that waits is for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from appguard.approvals.model import Verdict, Voice, Waiting
from appguard.approvals.speaking import would_sit
from appguard.kernel.errors import Forbidden
from appguard.kernel.event import Role
from appguard.kernel.person import Person


@dataclass(frozen=True)
class Standing:
    """`objection` says why a person may say nothing; `spoke`, that their yes has been heard.

    `needed` is whether their yes would take an empty seat. Whoever has no objection may refuse.
    """

    objection: Forbidden | None
    spoke: bool
    needed: bool

    @classmethod
    def of(
        cls, waiting: Waiting, by: Person, takes: Sequence[Role], objection: Forbidden | None = None
    ) -> "Standing":
        """How `by` stands, who may take these seats."""
        spoke = any(by.id in voice.people for voice in waiting.voices)
        if objection or spoke or not takes:
            return cls(objection, spoke, needed=False)
        yes = Voice(by=by.id, takes=tuple(takes), verdict=Verdict.APPROVE, at=waiting.asked_at)
        return cls(None, spoke, needed=would_sit(waiting, yes))


@dataclass(frozen=True)
class Inbox:
    """What waits, seen by one person: for their word, for that of others, and what is their own."""

    mine: tuple[Waiting, ...]
    others: tuple[Waiting, ...]
    own: tuple[Waiting, ...]


def inbox(waiting: Iterable[Waiting], by: Person, takes: Callable[[Waiting], Sequence[Role]]) -> Inbox:
    """Sort what waits. By the makers noted when it was asked: deciding looks at them afresh."""
    mine, others, own = list[Waiting](), list[Waiting](), list[Waiting]()
    for each in waiting:
        if by.id in each.makers:
            own.append(each)
        elif Standing.of(each, by, takes(each)).needed:
            mine.append(each)
        else:
            others.append(each)
    return Inbox(tuple(mine), tuple(others), tuple(own))
