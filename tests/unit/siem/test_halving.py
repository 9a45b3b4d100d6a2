from hypothesis import given
from hypothesis import strategies as st

from appguard.siem.batches import message
from appguard.siem.errors import Indigestible
from appguard.siem.halving import halving
from appguard.siem.model import Outcome
from tests.support.entries import entry

MESSAGES = [message(entry(n)) for n in range(12)]
PLACES = st.sets(st.integers(0, 11))


@given(poison=PLACES, busy=PLACES, most=st.integers(1, 12))
def test_every_message_is_taken_rejected_or_named_again(poison, busy, most):
    taken = []

    def send(some):
        if len(some) > most or {one.index for one in some} & poison:
            raise Indigestible("bad")
        taken.extend(one.index for one in some if one.index not in busy)
        return Outcome(again=[one for one in some if one.index in busy], retry_after=float(some[0].index))

    outcome = halving(send, MESSAGES)
    assert {one.index for one in outcome.rejected} == poison
    assert {one.index for one in outcome.again} == busy - poison
    assert sorted(taken) == sorted(set(range(12)) - busy - poison)


def test_the_longest_rest_that_was_asked_for_counts():
    def send(some):
        if len(some) > 6:
            raise Indigestible("too_large")
        return Outcome(again=some, retry_after=1.0 + some[0].index)

    assert halving(send, MESSAGES).retry_after == 7.0
