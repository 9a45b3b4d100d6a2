"""OSV's algorithm, against intervals computed another way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from appguard.packages.matching import affects, smallest_fix
from appguard.packages.osv import Advisory, Event


def ranges(*events: Event) -> Advisory:
    return Advisory(id="A", ranges=(events,))


def hit(advisory: Advisory, version: str) -> bool:
    return affects(advisory, Version(version))


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("0.dev1", True),
        ("1.9", True),
        ("2.0rc1", True),
        ("2.0", False),
        ("2.0.post1", False),
        ("1!0.1", False),
    ],
)
def test_versions_are_ordered_by_pep_440(version: str, affected: bool) -> None:
    assert hit(ranges(("introduced", "0"), ("fixed", "2.0")), version) is affected


def test_the_last_affected_version_is_still_in() -> None:
    only = ranges(("introduced", "1.0"), ("last_affected", "1.0"))
    assert [hit(only, v) for v in ("0.9", "1.0", "1.0+cpu", "1.0.1")] == [False, True, True, False]


def test_a_limit_cuts_a_range_off_and_a_star_does_not() -> None:
    limited = ranges(("introduced", "1.0"), ("limit", "2.0"))
    assert [hit(limited, v) for v in ("1.5", "2.0")] == [True, False]
    assert hit(ranges(("introduced", "1.0"), ("limit", "*")), "9")


def test_events_may_come_in_any_order_and_a_fault_may_come_back() -> None:
    back = ranges(("fixed", "4"), ("introduced", "3"), ("fixed", "2"), ("introduced", "1"))
    assert [hit(back, v) for v in ("0.5", "1", "2", "3", "4")] == [False, True, False, True, False]


def test_a_fault_that_comes_back_where_it_ended_is_there() -> None:
    assert hit(ranges(("introduced", "0"), ("fixed", "1"), ("introduced", "1"), ("fixed", "2")), "1")


def test_listed_versions_count_beside_the_ranges_however_they_are_written() -> None:
    listed = Advisory(id="A", versions=("1.0.0", "2004d"), ranges=((("introduced", "5"),),))
    assert [hit(listed, v) for v in ("1.0", "1.0+local", "2", "5")] == [True, True, False, True]


def test_in_doubt_a_version_is_affected() -> None:
    assert hit(Advisory(id="A"), "1")
    assert hit(ranges(("introduced", "0"), ("fixed", "2019-09-12")), "1")
    assert not hit(Advisory(id="A", versions=("3",), ranges=((("fixed", "not a version"),),)), "1")


def test_the_smallest_fix_has_no_other_known_fault_and_is_final_if_any_is() -> None:
    first = ranges(("introduced", "0"), ("fixed", "1.5"))
    second = ranges(("introduced", "1.4"), ("fixed", "2.0rc1"), ("introduced", "3"), ("fixed", "2.0"))
    assert str(smallest_fix([first, second], Version("1.0"))) == "2.0"
    assert str(smallest_fix([first], Version("1.0"))) == "1.5"
    assert smallest_fix([first], Version("1.5")) is None
    assert smallest_fix([ranges(("introduced", "0"))], Version("1")) is None


releases = st.builds(
    "{}.{}{}".format,
    st.integers(0, 6),
    st.integers(0, 6),
    st.sampled_from(["", "a1", "rc2", ".post1", ".dev3"]),
).map(Version)


@given(st.lists(releases, min_size=2, max_size=8, unique=True), releases, st.randoms())
def test_disjoint_intervals_are_what_their_events_say(bounds, version, random) -> None:
    bounds = sorted(bounds)[: len(bounds) // 2 * 2]
    pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
    events = [event for a, b in pairs for event in (("introduced", str(a)), ("fixed", str(b)))]
    random.shuffle(events)
    assert affects(ranges(*events), version) == any(a <= version < b for a, b in pairs)


@given(releases, releases, releases)
def test_nothing_after_the_last_affected_is_affected_and_nothing_before_is_not(a, b, version) -> None:
    low, high = sorted((a, b))
    advisory = ranges(("introduced", str(low)), ("last_affected", str(high)))
    assert affects(advisory, version) == (low <= version <= high)


@given(st.lists(releases, max_size=6, unique=True), releases)
def test_a_fix_is_later_and_sound(fixes, version) -> None:
    known = [ranges(("introduced", "0"), ("fixed", str(fix))) for fix in fixes]
    found = smallest_fix(known, version)
    if found is None:
        assert all(fix <= version for fix in fixes)
    else:
        assert found > version
        assert not any(affects(advisory, found) for advisory in known)
