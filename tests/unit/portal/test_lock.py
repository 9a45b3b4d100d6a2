from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appguard.portal.lock import CHANGE_AFTER, OVERLAP, Lock, hashed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def lock(secret="old"):
    return Lock(current=hashed(secret), since=NOW)


def test_a_secret_opens_and_another_does_not():
    assert lock().opens("old", NOW)
    assert not lock().opens("other", NOW)
    assert not lock().opens("", NOW)
    assert not lock().opens(hashed("old"), NOW)


def test_a_secret_is_due_for_another_after_a_while():
    assert not lock().due(NOW + CHANGE_AFTER - MOMENT)
    assert lock().due(NOW + CHANGE_AFTER)


def test_the_old_secret_opens_until_the_browser_has_shown_the_new_one():
    changed = lock().changed("old", "new", NOW)
    for later in (timedelta(), timedelta(hours=5)):
        assert changed.opens("old", NOW + later)
        assert changed.opens("new", NOW + later)


def test_once_the_new_one_was_shown_the_old_one_has_a_minute():
    changed = lock().changed("old", "new", NOW)
    assert changed.shown("old", NOW) == changed
    shown = changed.shown("new", NOW)
    assert shown.opens("old", NOW + OVERLAP - MOMENT)
    assert not shown.opens("old", NOW + OVERLAP)
    assert shown.shown("new", NOW + MOMENT) == shown


def test_an_answer_that_got_lost_signs_nobody_out_and_its_secret_dies_with_the_next():
    lost = lock().changed("old", "lost", NOW)
    again = lost.changed("old", "new", NOW + CHANGE_AFTER)
    assert again.opens("old", NOW + CHANGE_AFTER)
    assert not again.opens("lost", NOW + CHANGE_AFTER)


@given(st.lists(st.booleans(), max_size=30))
def test_whatever_gets_lost_at_most_two_secrets_open(arrivals):
    """A browser shows what it last got; each answer arrives or is lost."""
    now, state, held, given_out = NOW, lock("0"), "0", ["0"]
    for number, arrived in enumerate(arrivals, 1):
        now += CHANGE_AFTER
        state = state.shown(held, now)
        assert state.opens(held, now)
        state = state.changed(held, str(number), now)
        given_out.append(str(number))
        held = str(number) if arrived else held
    assert state.opens(held, now)
    assert sum(state.opens(secret, now) for secret in given_out) <= 2
