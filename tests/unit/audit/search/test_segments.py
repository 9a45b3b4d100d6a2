import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.audit.search import segments
from appguard.audit.search.segments import Segment, current, reach
from appguard.kernel.event import RetentionClass

LOG = RetentionClass.SEVEN_YEARS


def of(start: int, end: int) -> Segment:
    return Segment(LOG, start, end, 100, 200)


@given(st.builds(Segment, st.sampled_from(RetentionClass), *[st.integers(0, 10**12 - 1)] * 4))
def test_a_name_says_all_there_is_to_know(segment):
    assert Segment.named(segment.key) == segment


@pytest.mark.parametrize(
    "key", ["0/3y/0-1-2-3.parquet", "1/2y/0-1-2-3.parquet", "1/3y/a-1-2-3.parquet", "1/3y/0-1-2-3.json"]
)
def test_what_is_named_otherwise_is_no_segment_of_this_format(key):
    assert Segment.named(key) is None


def test_the_longest_of_those_that_begin_together_counts(monkeypatch):
    monkeypatch.setattr(segments, "WIDTH", 10)
    listed = [of(0, 4), of(10, 12), of(0, 10), of(10, 15)]
    assert current(listed) == [of(0, 10), of(10, 15)]
    assert [one.key.startswith("growing/") for one in listed] == [True, True, False, True]


def test_behind_a_gap_nothing_counts():
    assert reach(current([of(0, 10), of(20, 30)])) == 10
    assert reach(current([of(10, 20)])) == 0
