"""Which seats a version needs, and which of them the voices heard so far have taken."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from appguard.approvals.model import Seat, Verdict, Voice
from appguard.approvals.policy import ApprovalPolicy
from appguard.kernel.event import Role
from appguard.kernel.levels import DataClass, RiskTier

TAKEN_BY: Mapping[Role, frozenset[Role]] = {
    Role.DATA_OWNER: frozenset({Role.DATA_OWNER}),
    Role.SECURITY: frozenset({Role.SECURITY}),
    Role.REVIEWER: frozenset({Role.REVIEWER, Role.SECURITY}),
}
"""The roles that may take a seat, the seats that fewest may take first. Security may review."""


def seats_for(policy: ApprovalPolicy, tier: RiskTier, highest: DataClass) -> tuple[Seat, ...]:
    """The seats of a version of this risk that touches data up to `highest`.

    What lower levels ask for is asked as well, so that more risk never asks for fewer.
    """
    asked = [
        *(seats for level, seats in policy.by_tier.items() if level <= tier),
        *(seats for level, seats in policy.by_data_class.items() if level <= highest),
    ]
    most = {role: max((seats.get(role, 0) for seats in asked), default=0) for role in TAKEN_BY}
    return tuple(Seat(role=role, count=count) for role, count in most.items() if count)


def may_take(roles: Collection[Role], seats: Iterable[Seat]) -> tuple[Role, ...]:
    """The seats among these that somebody with these roles may take."""
    return tuple(seat.role for seat in seats if TAKEN_BY[seat.role] & set(roles))


def seats_of(roles: Collection[Role]) -> frozenset[Role]:
    """Every seat there can be that somebody with these roles may take."""
    return frozenset(seat for seat, takers in TAKEN_BY.items() if takers & set(roles))


def taken(seats: Sequence[Seat], voices: Iterable[Voice]) -> dict[int, Voice]:
    """Who sits where, by place in `places`: as many seats as these people can fill together.

    Whoever could sit in two places moves where another needs theirs, so the order in which people speak
    does not matter. One person sits once, however often they speak, or others speak for them.
    """
    order, sitting, heard = places(seats), dict[int, Voice](), set[str]()
    for voice in voices:
        if voice.verdict is Verdict.APPROVE and not heard & voice.people:
            heard |= voice.people
            _seat(voice, order, sitting, set())
    return sitting


def missing(seats: Sequence[Seat], voices: Iterable[Voice]) -> tuple[Role, ...]:
    """The seats nobody has taken yet, once for each."""
    sitting = taken(seats, voices)
    return tuple(role for place, role in enumerate(places(seats)) if place not in sitting)


def places(seats: Iterable[Seat]) -> list[Role]:
    """One entry for each person who has to approve."""
    return [seat.role for seat in seats for _ in range(seat.count)]


def _seat(voice: Voice, order: Sequence[Role], sitting: dict[int, Voice], asked: set[int]) -> bool:
    """Find a place, asking others to move (an augmenting path of a bipartite matching)."""
    fitting = [place for place, role in enumerate(order) if role in voice.takes]
    for place in fitting:
        if place not in sitting:
            sitting[place] = voice
            return True
    for place in fitting:
        if place not in asked:
            asked.add(place)
            if _seat(sitting[place], order, sitting, asked):
                sitting[place] = voice
                return True
    return False
