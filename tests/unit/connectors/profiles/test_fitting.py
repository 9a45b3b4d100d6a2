"""Made-up rows follow no profile that the linter would refuse."""

from datetime import date

import pytest

from appguard.connectors.profiles.fitting import UNKNOWN, fitting
from appguard.connectors.profiles.model import ColumnProfile, Profile, QueryProfile
from appguard.connectors.registry import registry
from appguard.kernel.errors import Misconfigured

HR = registry()["hr-db"]


def profile(query, **columns):
    measured = QueryProfile(rows=100, columns={name: ColumnProfile(**told) for name, told in columns.items()})
    return Profile(connector="hr-db", taken_on=date(2026, 11, 24), k=10, queries={query: measured})


def test_what_speaks_of_groups_is_followed():
    told = profile("my_leave_requests", status={"words": {"approved": 0.6, "pending": 0.4}})
    assert fitting(told, HR, "my_leave_requests") == told.queries["my_leave_requests"]


def test_a_query_without_one_follows_none():
    assert fitting(profile("my_leave_requests"), HR, "my_profile") is UNKNOWN


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        (profile("my_leave_requests", status={"words": {"approved": 0.96, "odd": 0.04}}), "profile-rare"),
        (profile("my_leave_requests", reason={"words": {"Knee": 0.5}}), "profile-personal"),
        (profile("my_leave_requests", shoe_size={"empty": 0.5}), "profile-invalid"),
    ],
)
def test_one_that_breaks_a_rule_is_refused_by_name_and_repeats_no_figure(told, rule):
    with pytest.raises(
        Misconfigured, match=f"the profile of hr-db breaks {rule}: my_leave_requests"
    ) as refused:
        fitting(told, HR, "my_leave_requests")
    assert "Knee" not in str(refused.value)
    assert "odd" not in str(refused.value)
