from hypothesis import given
from hypothesis import strategies as st

from appguard.audit.search.filters import Filters
from appguard.audit.search.place import Cursor
from appguard.audit.search.segments import Segment, may_hold
from appguard.audit.search.walk import newest
from appguard.kernel.event import RetentionClass

LOG = RetentionClass.THREE_YEARS
segments_of_times = st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=6), max_size=30)


def laid_out(times: list[list[int]]) -> dict[Segment, list[Cursor]]:
    """Segments one after another, each with a hit at each of its times."""
    found, start = {}, 0
    for some in times:
        hits = [Cursor(at, LOG, start + n) for n, at in enumerate(some)]
        found[Segment(LOG, start, start + len(some), min(some), max(some))] = hits
        start += len(some)
    return found


@given(times=segments_of_times, limit=st.integers(1, 5), impatient=st.booleans())
def test_pages_give_every_hit_once_newest_first_even_when_the_time_is_over(times, limit, impatient):
    shelf = laid_out(times)

    pages, before = [], None
    while True:
        asked = before

        def ask(some, asked=asked):
            hits = [hit for one in some for hit in shelf[one] if asked is None or hit < asked]
            return sorted(hits, reverse=True)[: limit + 1]

        waiting = [one for one in shelf if may_hold(one, Filters(), before)]
        stretch = newest(waiting, ask, [], before, limit + 1, lambda: impatient)
        pages += stretch.hits[:limit]
        more = len(stretch.hits) > limit
        before = stretch.hits[limit - 1] if more else stretch.horizon
        if before is None:
            break

    assert pages == sorted((hit for hits in shelf.values() for hit in hits), reverse=True)


def test_segments_that_cannot_change_the_page_are_not_asked():
    shelf, asked = laid_out([[n] for n in range(100)]), []

    def ask(some):
        asked.extend(some)
        return [hit for one in some for hit in shelf[one]]

    assert [hit.micros for hit in newest(shelf, ask, [], None, 3, lambda: False).hits] == [99, 98, 97]
    assert len(asked) == 8


def test_hits_known_from_elsewhere_stand_among_the_others():
    shelf = laid_out([[1, 5], [2]])
    known = [Cursor(4, LOG, 90), Cursor(0, LOG, 91)]
    found = newest(
        shelf, lambda some: [hit for one in some for hit in shelf[one]], known, None, 9, lambda: False
    )
    assert [hit.micros for hit in found.hits] == [5, 4, 2, 1, 0]
