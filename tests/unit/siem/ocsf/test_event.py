import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.audit.reader import Entry
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, Resource, Result, RetentionClass, Role
from appguard.siem.ocsf import ocsf_event
from tests.support.entries import AT, entry
from tests.support.ocsf import faults

QUERY = Resource(type="query", id="hr-db/team_calendar")
FAULT = {
    "package": "jinja2",
    "version": "3.1.0",
    "advisory": "PYSEC-2024-1",
    "aliases": ["CVE-2024-1"],
    "fixed": "3.1.4",
    "malicious": False,
    "since": "2026-02-01T00:00:00Z",
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("result", Result)
@pytest.mark.parametrize("action", Action)
def test_every_action_however_it_ended_is_an_event_the_public_schema_accepts(action, result):
    event = ocsf_event(entry(7, action, resource=QUERY, result=result, code="denied_by_filter"))
    assert faults(event) == []


@given(
    action=st.sampled_from(Action),
    role=st.sampled_from(Role),
    log=st.sampled_from(RetentionClass),
    metadata=st.dictionaries(
        st.sampled_from(["faults", "frameworks", "passed", "code", "subjects", "rows"]), VALUES
    ),
)
def test_whatever_an_entry_says_its_event_is_valid(action, role, log, metadata):
    made = entry(3, action, actor=Actor(id="x", role=role), log=log, **metadata)
    assert faults(ocsf_event(made)) == []


def test_an_event_says_who_did_what_and_where_its_proof_is_found():
    event = ocsf_event(entry(41, Action.APP_PUBLISHED, log=RetentionClass.SEVEN_YEARS))
    assert (event["class_uid"], event["activity_name"], event["type_uid"]) == (6002, "Install", 600201)
    assert event["actor"]["user"] == {
        "uid": "ana", "type_id": 1, "type": "User", "groups": [{"name": "requester"}],
    }  # fmt: skip
    assert event["app"]["uid"] == "leave-request"
    assert (event["metadata"]["log_name"], event["metadata"]["sequence"]) == ("7y", 41)
    assert event["metadata"]["uid"] == entry(41, log=RetentionClass.SEVEN_YEARS).event.event_id
    assert event["message"] == Action.APP_PUBLISHED.tells


def test_a_query_goes_by_its_name_and_is_asked_by_its_app():
    event = ocsf_event(entry(0, Action.DATA_READ, resource=QUERY, rows=3, subjects=["t1", "t2"]))
    assert event["database"]["name"] == "hr-db"
    assert event["query_info"]["name"] == "team_calendar"
    assert event["src_endpoint"] == {"svc_name": "leave-request"}
    assert event["unmapped"]["metadata_rows"] == "3"
    assert json.loads(event["unmapped"]["metadata_subjects"]) == ["t1", "t2"]


def test_a_function_of_the_platform_is_no_user():
    event = ocsf_event(entry(0, Action.SECRET_ROTATED, actor=Actor.system("secrets")))
    assert event["actor"] == {"app_name": "secrets"}


@pytest.mark.parametrize(
    ("action", "result", "severity"),
    [
        (Action.APP_CREATED, Result.SUCCESS, "Informational"),
        (Action.APP_CREATED, Result.FAILURE, "Low"),
        (Action.DATA_READ, Result.DENIED, "Medium"),
        (Action.DATA_EXPORTED, Result.SUCCESS, "Low"),
        (Action.DATA_EXPORTED, Result.DENIED, "Medium"),
        (Action.DATA_BUDGET_EXCEEDED, Result.DENIED, "High"),
        (Action.APP_QUARANTINED, Result.SUCCESS, "High"),
    ],
)
def test_severity_is_the_higher_of_action_and_result(action, result, severity):
    assert ocsf_event(entry(0, action, resource=QUERY, result=result))["severity"] == severity


def test_who_was_denied_failed_and_the_code_says_why():
    event = ocsf_event(entry(0, Action.DATA_READ, resource=QUERY, result=Result.DENIED, code="not_granted"))
    assert (event["status"], event["status_detail"], event["status_code"]) == (
        "Failure",
        "denied",
        "not_granted",
    )


def test_a_report_that_failed_is_a_finding_that_failed():
    event = ocsf_event(entry(0, Action.REPORT_CREATED, passed=False))
    assert (event["compliance"]["status"], event["severity"]) == ("Fail", "High")
    assert ocsf_event(entry(0, Action.REPORT_CREATED, passed=True))["compliance"]["status"] == "Pass"


def test_so_is_a_ledger_that_does_not_hold():
    event = ocsf_event(entry(0, Action.LEDGER_VERIFIED, result=Result.FAILURE, bad="3y/tile/0/000: hash"))
    assert (event["compliance"]["status"], event["severity"]) == ("Fail", "High")


def test_a_vulnerable_package_goes_by_its_cve_and_says_what_mends_it():
    event = ocsf_event(
        entry(0, Action.APP_VULNERABLE, faults=[FAULT, FAULT | {"aliases": [], "fixed": None}])
    )
    known, nameless = event["vulnerabilities"]
    assert known["cve"] == {"uid": "CVE-2024-1"}
    assert known["affected_packages"] == [{"name": "jinja2", "version": "3.1.0", "fixed_in_version": "3.1.4"}]
    assert nameless["advisory"] == {"uid": "PYSEC-2024-1"}
    assert (known["is_fix_available"], nameless["is_fix_available"]) == (True, False)
    assert faults(event) == []


def test_what_a_later_version_recorded_is_told_as_a_base_event():
    made = entry(0)
    later = Entry(made.log, 0, made.body.replace(b"app.created", b"app.sent_to_mars"))
    event = ocsf_event(later)
    assert (event["class_uid"], event["metadata"]["event_code"]) == (0, "app.sent_to_mars")
    assert faults(event) == []


def test_nothing_is_told_of_a_person_but_what_the_ledger_says():
    made = entry(0, Action.PERSON_SIGNED_IN, resource=Resource(type="person", id="ana"))
    assert ocsf_event(made)["user"]["uid"] == "ana"
    assert set(ocsf_event(made)["user"]) == {"uid", "type_id", "type", "groups"}


def test_time_is_the_events_own():
    assert ocsf_event(entry(0))["time"] == int(AT.timestamp() * 1000)
