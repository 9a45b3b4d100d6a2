from datetime import date

from appguard.reports.checks import State, outcomes
from tests.unit.reports.conftest import GOOD


def test_an_app_is_what_the_events_about_it_left(figured, release, fact):
    [app] = figured(
        *release(),
        fact("app.used", days_ago=1.5),
        fact("app.vulnerable", "packages", 1.2, faults=[{"package": "x"}]),
        fact("app.suspended", "sec", 1),
    ).apps
    assert (app.owner, app.team, app.state, app.tier) == ("ana", "HR", "suspended", "high")
    assert (app.classes, app.retire_on, app.last_used, app.faults) == (
        ("personal",),
        date(2026, 9, 1),
        date(2026, 3, 30),
        1,
    )


def test_of_a_release_recorded_without_classes_none_are_known(figured, fact):
    [app] = figured(
        fact("app.created", days_ago=5),
        fact("app.submitted", days_ago=4),
        fact("app.approved", days_ago=3),
        fact("app.published", days_ago=2, tier="low"),
    ).apps
    assert app.classes is None
    assert app.state == "active"


def test_recertification_moves_the_date_of_retirement(figured, release, fact):
    [app] = figured(
        *release(), fact("app.recertified", days_ago=1, retire="2027-01-01", idle="2026-06-01")
    ).apps
    assert app.retire_on == date(2027, 1, 1)


def test_an_app_past_its_date_that_still_runs_is_named(figured, release, fact):
    made = figured(*release(), fact("app.recertified", days_ago=1, retire="2026-03-30"))
    assert outcomes(made)["apps-retiring"].offenders == ("leave-request",)


def test_a_fault_known_for_too_long_fails_and_one_that_was_mended_does_not(figured, release, fact):
    old = [one.model_copy(update={"timestamp": one.timestamp.replace(month=1)}) for one in release()]
    known = fact("app.vulnerable", days_ago=45, faults=[{"package": "x"}])
    mended = fact("app.vulnerabilities_changed", days_ago=3, faults=[])
    synced = fact("advisories.synced", "packages", days_ago=2)
    assert outcomes(figured(*old, known, synced))["faults-mended"].state is State.FAILED
    assert outcomes(figured(*old, known, mended, synced))["faults-mended"].state is State.PASSED
    assert outcomes(figured(*old, known, ledger=GOOD))["faults-mended"].state is State.NOT_EVIDENCED
