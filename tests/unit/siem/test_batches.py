from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from appguard.kernel.event import RetentionClass
from appguard.siem.batches import next_batch, still_gathers
from appguard.siem.model import Limits
from tests.support.entries import AT, entry

LOG = RetentionClass.THREE_YEARS
ENTRIES = [entry(n, words="x" * (n * 37 % 400)) for n in range(20)]
LIMITS = st.builds(Limits, entries=st.integers(1, 8), bytes=st.integers(1, 6000))


def cut(entries, start, limits):
    return next_batch(iter(entries[start:]), LOG, start, limits)


@given(limits=LIMITS)
def test_batches_hold_every_entry_once_in_order_within_the_limits(limits):
    start, seen = 0, []
    while (batch := cut(ENTRIES, start, limits)).end > start:
        assert len(batch.messages) <= limits.entries
        assert len(batch.messages) == 1 or sum(len(one.text) for one in batch.messages) <= limits.bytes
        seen += [one.index for one in batch.messages]
        start = batch.end
    assert seen == list(range(20))


@given(limits=LIMITS, start=st.integers(0, 19), shorter=st.integers(1, 20))
def test_on_a_ledger_that_grew_the_same_start_gives_at_least_the_same_entries(limits, start, shorter):
    before, now = cut(ENTRIES[:shorter], start, limits), cut(ENTRIES, start, limits)
    assert list(now.messages)[: len(before.messages)] == list(before.messages)


def test_nothing_there_is_an_empty_batch():
    assert cut([], 0, Limits(5, 1000)).end == 0


def test_a_batch_gathers_until_it_is_full_or_its_first_entry_is_old_enough():
    limits = Limits(3, 10**6, timedelta(minutes=5))
    few, full = cut(ENTRIES[:2], 0, limits), cut(ENTRIES, 0, limits)
    assert still_gathers(few, limits, AT + timedelta(minutes=4))
    assert not still_gathers(few, limits, AT + timedelta(minutes=6))
    assert not still_gathers(full, limits, AT)
