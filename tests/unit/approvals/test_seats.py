"""Who is needed, and who sits where."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.approvals.model import Seat, Verdict, Voice
from appguard.approvals.policy import SEATED, ApprovalPolicy, approval_policy
from appguard.approvals.seats import may_take, missing, places, seats_for, taken
from appguard.kernel.event import Role
from appguard.kernel.ids import PersonId
from appguard.kernel.levels import DataClass, RiskTier

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REVIEWER, OWNER, SECURITY = Role.REVIEWER, Role.DATA_OWNER, Role.SECURITY
ROLES = sorted(SEATED)

seats_of_a_level = st.dictionaries(st.sampled_from(ROLES), st.integers(1, 3))
policies = st.builds(
    ApprovalPolicy,
    by_tier=st.dictionaries(st.sampled_from(RiskTier), seats_of_a_level).map(
        lambda found: {RiskTier.LOW: {REVIEWER: 1}} | {k: v for k, v in found.items() if k > RiskTier.LOW}
    ),
    by_data_class=st.dictionaries(st.sampled_from(DataClass), seats_of_a_level),
    remind_after_hours=st.just(48),
    escalate_after_hours=st.just(96),
)
tiers, classes = st.sampled_from(RiskTier), st.sampled_from(DataClass)


def seats(**counts: int) -> tuple[Seat, ...]:
    return tuple(Seat(role=Role(role), count=count) for role, count in counts.items())


def yes(name: str, *roles: Role, needed: tuple[Seat, ...]) -> Voice:
    return Voice(by=PersonId(name), takes=may_take(roles, needed), verdict=Verdict.APPROVE, at=NOW)


@st.composite
def meetings(draw: st.DrawFn) -> tuple[tuple[Seat, ...], list[Voice]]:
    """Some seats, and people with some of their roles who say yes, in any order and perhaps twice."""
    needed = tuple(
        Seat(role=role, count=draw(st.integers(1, 3)))
        for role in draw(st.lists(st.sampled_from(ROLES), unique=True, min_size=1))
    )
    have = {name: draw(st.sets(st.sampled_from(ROLES))) for name in "abcdef"}
    able = {name: roles for name, roles in have.items() if may_take(roles, needed)}
    said = draw(st.lists(st.sampled_from(sorted(able)), max_size=8)) if able else []
    return needed, [yes(name, *able[name], needed=needed) for name in said]


@pytest.mark.parametrize(
    ("tier", "highest", "asked"),
    [
        (RiskTier.LOW, DataClass.INTERNAL, [REVIEWER]),
        (RiskTier.MEDIUM, DataClass.CONFIDENTIAL, [REVIEWER]),
        (RiskTier.MEDIUM, DataClass.PERSONAL, [OWNER, REVIEWER]),
        (RiskTier.HIGH, DataClass.INTERNAL, [SECURITY, REVIEWER]),
        (RiskTier.HIGH, DataClass.SPECIAL, [OWNER, SECURITY, REVIEWER]),
    ],
)
def test_the_shipped_policy_asks(tier, highest, asked):
    assert places(seats_for(approval_policy(), tier, highest)) == asked


@given(policies, tiers, tiers, classes, classes)
def test_more_risk_never_asks_for_fewer(policy, tier, other_tier, data_class, other_class):
    fewer = seats_for(policy, min(tier, other_tier), min(data_class, other_class))
    more = seats_for(policy, max(tier, other_tier), max(data_class, other_class))

    assert fewer
    counts = {seat.role: seat.count for seat in more}
    assert all(counts.get(seat.role, 0) >= seat.count for seat in fewer)


@given(meetings())
def test_one_person_sits_once_and_only_where_they_may(meeting):
    needed, voices = meeting
    sitting = taken(needed, voices)

    people = [voice.by for voice in sitting.values()]
    assert len(people) == len(set(people))
    assert all(places(needed)[place] in voice.takes for place, voice in sitting.items())


@given(meetings())
def test_whoever_sits_keeps_a_seat_when_another_speaks(meeting):
    needed, voices = meeting
    for heard in range(len(voices)):
        before = {voice.by for voice in taken(needed, voices[:heard]).values()}
        after = {voice.by for voice in taken(needed, voices[: heard + 1]).values()}
        assert before <= after


@given(meetings())
def test_it_waits_for_as_many_as_no_order_of_speaking_could_seat(meeting):
    needed, voices = meeting
    people = {voice.by: voice for voice in voices}.values()

    best = max(sum_of_greedy(needed, order) for order in permutations(people))
    assert len(places(needed)) - len(missing(needed, voices)) >= best


def sum_of_greedy(needed, order) -> int:
    free = places(needed)
    for voice in order:
        if seat := next((role for role in free if role in voice.takes), None):
            free.remove(seat)
    return len(places(needed)) - len(free)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_security_moves_to_where_a_reviewer_cannot_sit(order):
    needed = seats(security=1, reviewer=1)
    sam, rob = yes("sam", SECURITY, REVIEWER, needed=needed), yes("rob", REVIEWER, needed=needed)

    sitting = taken(needed, [(sam, rob)[n] for n in order])

    assert {places(needed)[place]: voice.by for place, voice in sitting.items()} == {
        SECURITY: "sam",
        REVIEWER: "rob",
    }


def test_two_of_security_are_security_and_the_reviewer():
    needed = seats(security=1, reviewer=1)

    assert missing(needed, [yes(name, SECURITY, needed=needed) for name in ("sam", "sue")]) == ()


def test_who_refuses_takes_no_seat():
    needed = seats(reviewer=1)
    no = yes("rob", REVIEWER, needed=needed).model_copy(update={"verdict": Verdict.REFUSE})

    assert missing(needed, [no]) == (REVIEWER,)


def test_a_reviewer_is_no_data_owner_and_an_auditor_is_nobody():
    needed = seats(data_owner=1, reviewer=1)

    assert may_take({REVIEWER}, needed) == (REVIEWER,)
    assert may_take({Role.AUDITOR, Role.PLATFORM}, needed) == ()
