import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.lifecycle import TRANSITIONS, IllegalTransition, State, Trigger, after


def test_every_state_can_be_reached_from_draft():
    reached, before = {State.DRAFT}, set()
    while reached != before:
        before = set(reached)
        reached |= {target for (state, _), target in TRANSITIONS.items() if state in reached}
    assert reached == set(State)


def test_only_the_archive_is_final():
    assert set(State) - {state for state, _ in TRANSITIONS} == {State.ARCHIVED}


@given(st.sampled_from(State), st.sampled_from(Trigger))
def test_what_the_table_does_not_list_is_refused_and_says_what_is_allowed(state, trigger):
    if (state, trigger) in TRANSITIONS:
        assert after(state, trigger) in State
    else:
        with pytest.raises(IllegalTransition) as raised:
            after(state, trigger)
        assert all(allowed.value in raised.value.advice for known, allowed in TRANSITIONS if known is state)


def test_nothing_becomes_active_without_approval_or_a_former_publication():
    origins = {state for (state, _), target in TRANSITIONS.items() if target is State.ACTIVE}
    assert origins == {State.APPROVED, State.ACTIVE, State.SUSPENDED, State.QUARANTINED}
