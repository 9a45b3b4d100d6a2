import pytest

from appguard.kernel.errors import Misconfigured
from appguard.reports.assess import assess
from appguard.reports.catalogue import FrameworkName, catalogue, load
from appguard.reports.checks import CHECKS, State, outcomes
from appguard.reports.model import LedgerCheck


def test_without_a_single_entry_nothing_passes(figured, reported):
    for name in FrameworkName:
        states = {control.state for control in reported(figured(ledger=LedgerCheck()), name).controls}
        assert states == {State.NOT_EVIDENCED}


def test_every_control_a_rule_names_is_in_the_catalogue(rules):
    frameworks = catalogue().frameworks.values()
    known = {f"{one.prefix}{name}" for one in frameworks for name in one.controls}
    ours = tuple(one.prefix for one in frameworks)
    named = {control for controls in rules.values() for control in controls if control.startswith(ours)}
    assert named - known == set()


def test_every_control_is_served_by_a_check_or_a_rule_and_every_check_serves_one(rules):
    served = {control for controls in rules.values() for control in controls}
    checks = set()
    for one in catalogue().frameworks.values():
        for name, control in one.controls.items():
            assert control.checks or f"{one.prefix}{name}" in served
            checks |= set(control.checks)
    assert checks == set(CHECKS)


def test_one_failed_statement_fails_the_control_whatever_else_holds(figured, release, rules):
    found = figured(*release(approver="ana"))
    framework = catalogue().frameworks[FrameworkName.SOC2]
    by_name = {one.control: one for one in assess(framework, outcomes(found), found, rules)}
    assert by_name["CC8.1"].state is State.FAILED
    assert {one.state for one in by_name["CC8.1"].evidence} == set(State)


def test_a_broken_ledger_fails_what_rests_on_it_and_says_nothing_of_its_locks(figured, reported):
    found = figured(ledger=LedgerCheck(bad="3y/tile/entries/000: altered"))
    assert outcomes(found)["ledger-verified"].state is State.FAILED
    assert outcomes(found)["retention-held"].state is State.NOT_EVIDENCED
    short = figured(ledger=LedgerCheck(bad="3y/checkpoint: locked as GOVERNANCE for 3 days"))
    assert outcomes(short)["retention-held"].state is State.FAILED


def test_drift_is_never_claimed(figured, release):
    assert outcomes(figured(*release()))["drift-measured"].state is State.NOT_EVIDENCED


def test_a_catalogue_that_names_a_check_nobody_wrote_is_refused(tmp_path):
    file = tmp_path / "controls.yaml"
    file.write_text(
        "frameworks: {soc2: {title: S, prefix: SOC2-, source: 'https://example.com',"
        " controls: {CC1: {title: One, checks: [wishful]}}}}"
    )
    with pytest.raises(Misconfigured, match="wishful"):
        load(file)


def test_controls_are_counted_like_people_count():
    framework = catalogue().frameworks[FrameworkName.ISO27001]
    names = [name for name, _ in framework.ordered()]
    assert names.index("A.5.9") < names.index("A.5.11") < names.index("A.8.2") < names.index("A.8.10")
