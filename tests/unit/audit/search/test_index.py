import pytest

from appguard.audit.search.filters import Filters
from appguard.audit.search.index import Progress
from appguard.kernel.event import RetentionClass
from tests.unit.audit.search.made import event

LOG, OTHER = RetentionClass.THREE_YEARS, RetentionClass.ONE_YEAR


def spans(shelf, log=LOG) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in shelf.segments(log)]


def contents(s3) -> dict[str, bytes]:
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket="index").get("Contents", ())]
    return {key: s3.get_object(Bucket="index", Key=key)["Body"].read() for key in keys}


def numbers(shelf) -> list[int]:
    return [place.number for place in shelf.newest(shelf.segments(LOG), Filters(), None, 99)]


def test_it_grows_with_the_ledger_and_holds_each_entry_once(seal, shelf, update, narrow):
    seal(*(event(n) for n in range(3)), event(90, retention_class=OTHER))
    assert update() == Progress(4, 4, 0)
    seal(*(event(n) for n in range(3, 10)))
    assert update() == update() == Progress(11, 11, 0)

    assert spans(shelf) == [(0, 4), (4, 8), (8, 10)]
    assert spans(shelf, OTHER) == [(0, 1)]
    assert sorted(numbers(shelf)) == list(range(10))


def test_what_there_is_no_time_for_waits_and_it_says_how_long(seal, shelf, update, narrow):
    seal(*(event(n) for n in range(10)))
    steps = iter([False, True, True, True])
    assert update(lambda: next(steps)) == Progress(4, 10, 86_400)
    assert update() == Progress(10, 10, 0)


def test_it_can_be_lost_and_made_anew_from_the_ledger_alone(seal, shelf, update, s3, narrow):
    seal(*(event(n) for n in range(6)))
    update()
    before = contents(s3)
    for key in before:
        s3.delete_object(Bucket="index", Key=key)
    update()
    assert contents(s3) == before


@pytest.mark.parametrize("fails_at", ["fetch", "put"])
def test_a_run_killed_at_any_step_is_finished_by_the_next(seal, shelf, update, narrow, monkeypatch, fails_at):
    for last in (5, 6):
        seal(*(event(n) for n in range(last)))
        update()
    seal(*(event(n) for n in range(7)))
    with monkeypatch.context() as patch:
        patch.setattr(type(shelf), fails_at, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            update()
    assert update() == Progress(7, 7, 0)
    assert sorted(numbers(shelf)) == list(range(7))


def test_the_last_segment_may_go_by_itself(seal, shelf, update, s3, narrow):
    """What stands under `growing/` does, after two days in which nothing happened."""
    seal(*(event(n) for n in range(6)))
    update()
    s3.delete_object(Bucket="index", Key=shelf.segments(LOG)[-1].key)
    assert spans(shelf) == [(0, 4)]
    assert update() == Progress(6, 6, 0)
    assert spans(shelf) == [(0, 4), (4, 6)]


def test_foreign_objects_in_the_bucket_are_no_segments(seal, shelf, update, s3):
    s3.put_object(Bucket="index", Key="1/3y/readme.txt", Body=b"hello")
    seal(event(1))
    update()
    assert spans(shelf) == [(0, 1)]
