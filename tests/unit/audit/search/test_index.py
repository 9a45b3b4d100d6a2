import pytest

from appguard.audit.search.filters import Filters
from appguard.audit.search.index import Progress
from appguard.audit.search.segments import Segment
from appguard.kernel.event import RetentionClass
from tests.unit.audit.search.made import event

LOG, OTHER = RetentionClass.THREE_YEARS, RetentionClass.ONE_YEAR


def spans(shelf, log=LOG) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in shelf.segments(log)]


def numbers(shelf) -> list[int]:
    return [place.number for place in shelf.newest(shelf.segments(LOG), Filters(), None, 99)]


def test_it_grows_with_the_ledger_and_holds_each_entry_once(seal, shelf, update, narrow):
    seal(*(event(n) for n in range(3)), event(90, retention_class=OTHER))
    assert update() == Progress(4, 4)
    seal(*(event(n) for n in range(3, 10)))
    assert update() == update() == Progress(11, 11)

    assert spans(shelf) == [(0, 4), (4, 8), (8, 10)]
    assert spans(shelf, OTHER) == [(0, 1)]
    assert sorted(numbers(shelf)) == list(range(10))


def test_what_there_is_no_time_for_waits_for_the_next_run(seal, shelf, update, narrow):
    seal(*(event(n) for n in range(10)))
    steps = iter([False, True, True, True])
    assert update(lambda: next(steps)) == Progress(4, 10)
    assert update() == Progress(10, 10)


def test_it_can_be_lost_and_made_anew_from_the_ledger_alone(seal, shelf, update, s3, narrow):
    seal(*(event(n) for n in range(6)))
    update()
    before = {one: s3.get_object(Bucket="index", Key=one.key)["Body"].read() for one in shelf.segments(LOG)}
    for one in before:
        shelf.drop(one)
    update()
    after = {one: s3.get_object(Bucket="index", Key=one.key)["Body"].read() for one in shelf.segments(LOG)}
    assert after == before


@pytest.mark.parametrize("fails_at", ["fetch", "put", "drop"])
def test_a_run_killed_at_any_step_is_finished_by_the_next(seal, shelf, update, narrow, monkeypatch, fails_at):
    for last in (5, 6):
        seal(*(event(n) for n in range(last)))
        update()
    seal(*(event(n) for n in range(7)))
    with monkeypatch.context() as patch:
        patch.setattr(type(shelf), fails_at, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            update()
    assert update() == Progress(7, 7)
    assert sorted(numbers(shelf)) == list(range(7))


def test_a_segment_somebody_may_still_be_reading_outlives_its_successor(seal, shelf, update):
    for last in (1, 2, 3, 4):
        seal(*(event(n) for n in range(last)))
        update()
    assert [(one.start, one.end) for one in shelf.listed(LOG)] == [(0, 3), (0, 4)]


def test_foreign_objects_in_the_bucket_are_no_segments(seal, shelf, update, s3):
    s3.put_object(Bucket="index", Key="1/3y/readme.txt", Body=b"hello")
    seal(event(1))
    update()
    assert shelf.listed(LOG) == [Segment(LOG, 0, 1, *[shelf.segments(LOG)[0].oldest] * 2)]
