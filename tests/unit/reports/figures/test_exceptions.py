from datetime import timedelta

import pytest

from appguard.kernel.event import Resource
from appguard.reports.checks import State, outcomes
from tests.support.reported import END

ABOUT = Resource(type="exception", id="exc-1")


def granted(fact, days_ago=10, lasts=30, by="rob", **more):
    until = (END + timedelta(days=lasts)).isoformat()
    facts = {"kind": "finding", "rule": "pii-out", **more}
    return fact("exception.granted", by, days_ago, about=ABOUT, approved_by=by, expires_at=until, **facts)


def test_an_open_exception_says_what_it_is_about_and_until_when(figured, fact):
    [one] = figured(fact("app.created", days_ago=11), granted(fact)).exceptions
    assert (one.about, one.approved_by, one.owner, one.state) == ("rule pii-out", "rob", "ana", "open")


def test_an_export_is_named_by_connector_and_query(figured, fact):
    [one] = figured(granted(fact, kind="export", connector="hr-db", query="team")).exceptions
    assert one.about == "export of hr-db/team"


@pytest.mark.parametrize("ending", ["expired", "revoked", "closed"])
def test_what_ended_within_the_period_is_listed_and_what_ended_before_is_not(figured, fact, ending):
    begun = granted(fact, days_ago=90)
    [one] = figured(begun, fact(f"exception.{ending}", days_ago=5, about=ABOUT)).exceptions
    assert one.state == ending
    assert figured(begun, fact(f"exception.{ending}", days_ago=50, about=ABOUT)).exceptions == ()


def test_granted_again_it_is_open_again(figured, fact):
    ended = fact("exception.expired", days_ago=50, about=ABOUT)
    [one] = figured(granted(fact, days_ago=90), ended, granted(fact, days_ago=40)).exceptions
    assert one.state == "open"


def test_accepting_for_ones_own_app_or_past_the_date_fails(figured, fact):
    made = fact("app.created", days_ago=11)
    for wrong in (granted(fact, by="ana"), granted(fact, lasts=-5)):
        assert outcomes(figured(made, wrong))["exceptions-bounded"].state is State.FAILED
    assert outcomes(figured(made, granted(fact)))["exceptions-bounded"].state is State.PASSED
