from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.privacy.subject import Subject
from appguard.privacy.tags import SubjectKey

SINCE = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
ANA = SubjectKey(Subject("ana@example.com"), b"a" * 32, SINCE)
moments = st.datetimes(datetime(2026, 2, 1), datetime(2033, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_a_tag_is_the_same_all_month_and_another_the_next():
    first, last = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    assert ANA.tag(first) == ANA.tag(last) != ANA.tag(last + timedelta(minutes=1))


@settings(deadline=None)
@given(moments)
def test_every_access_since_the_first_sight_is_found(at):
    assert ANA.tag(at) in set(ANA.tags(None, at))


@settings(deadline=None)
@given(moments, moments)
def test_a_period_covers_the_months_it_touches_and_no_others(one, other):
    start, end = sorted((one, other))
    tags = list(ANA.tags(start, end))
    assert {ANA.tag(start), ANA.tag(end)} <= set(tags)
    assert len(tags) == (end.year - start.year) * 12 + end.month - start.month + 1


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.text(min_size=1), st.binary(min_size=32, max_size=32)), unique_by=lambda p: p[1])
)
def test_no_two_subjects_share_a_tag(people):
    keys = [SubjectKey(Subject(name), secret, SINCE) for name, secret in people]
    tags = [tag for key in keys for tag in key.tags(None, SINCE + timedelta(days=90))]
    assert len(set(tags)) == len(tags)


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_after_forgetting_a_new_key_gives_none_of_the_old_tags(secret):
    again = SubjectKey(ANA.subject, secret, SINCE)
    end = SINCE + timedelta(days=365)
    assert secret == ANA.secret or set(again.tags(None, end)).isdisjoint(ANA.tags(None, end))


def test_neither_name_nor_key_can_be_read_from_a_tag_or_a_log_line():
    assert "ana" not in ANA.tag(SINCE)
    assert "aaaa" not in repr(ANA)
