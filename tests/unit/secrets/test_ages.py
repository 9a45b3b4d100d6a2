from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.ages import Standing, ages, oldest
from appguard.secrets.model import SecretRecord
from appguard.secrets.policy import SecretKind, secret_policy

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HR = ConnectorName("hr-db")


def aged(kind, days, app="leave-request"):
    at, app_id = NOW - timedelta(days=days), AppId(app)
    match kind:
        case SecretKind.SESSION_KEY:
            return SecretRecord.session_key(app_id, at)
        case SecretKind.DATABASE_LOGIN:
            return SecretRecord.login(HR, app_id, at)
        case SecretKind.ADMINISTRATOR:
            return SecretRecord.administrator(HR, at)


class Known:
    def __init__(self, *found):
        self.found = found

    def oldest(self, kind, until=None):
        return iter(sorted((r for r in self.found if r.kind is kind), key=lambda r: r.rotated_at))


def listed(*found):
    return ages(Known(*found), secret_policy(), NOW)


def test_a_secret_is_fresh_then_due_then_late():
    days = {0: Standing.FRESH, 6: Standing.FRESH, 7: Standing.DUE, 9: Standing.DUE, 10: Standing.LATE}
    for age, standing in days.items():
        [one] = listed(aged(SecretKind.DATABASE_LOGIN, age))
        assert (one.days, one.standing) == (age, standing)


def test_what_is_older_than_its_own_policy_stands_first_whatever_the_days():
    found = listed(aged(SecretKind.SESSION_KEY, 30), aged(SecretKind.DATABASE_LOGIN, 11))

    assert [one.secret.kind for one in found] == [SecretKind.DATABASE_LOGIN, SecretKind.SESSION_KEY]


@given(st.lists(st.tuples(st.sampled_from(SecretKind), st.integers(0, 400)), max_size=12))
def test_nothing_late_ever_stands_behind_something_that_is_not(some):
    late = [one.standing is Standing.LATE for one in listed(*(aged(kind, days) for kind, days in some))]

    assert late == sorted(late, reverse=True)


def test_the_oldest_of_each_kind_is_told_and_nothing_where_there_is_none():
    known = Known(aged(SecretKind.SESSION_KEY, 3), aged(SecretKind.SESSION_KEY, 9, "lunch"))

    assert oldest(known, NOW) == {
        SecretKind.SESSION_KEY: timedelta(days=9),
        SecretKind.DATABASE_LOGIN: timedelta(),
        SecretKind.ADMINISTRATOR: timedelta(),
    }
