"""From a real (emulated) bucket to a stored report."""

import json
from datetime import UTC, datetime

import pytest

from appguard.reports.compliance import compliance
from appguard.reports.evidence import gather
from appguard.reports.store import ReportStore

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def made(seal, s3, signer, event, tmp_path):
    seal(event(1), event(2, action="data.read"))

    def make(name: str = "x"):
        ledger, events = gather(s3, "ledger", signer, tmp_path / name)
        return compliance(events, [], ledger, SINCE, NOW)

    return make


def test_the_report_rests_on_a_verified_ledger(made):
    report = made()
    assert report.passed
    assert [(log.log, log.entries) for log in report.ledger.logs] == [("3y", 2)]


def test_a_tampered_ledger_fails_the_report_naming_the_object(made, s3):
    s3.put_object(Bucket="ledger", Key="3y/tile/entries/000.p/2", Body=b"")
    report = made()
    assert not report.passed
    assert "3y/tile/entries/000.p/2: shadowed" in report.ledger.bad


def test_both_forms_are_stored_under_a_seven_year_lock(made, s3):
    stored = ReportStore(s3, "ledger").put(made())
    assert [key.rpartition(".")[2] for key in stored] == ["json", "html"]
    for key in stored:
        found = s3.get_object(Bucket="ledger", Key=key)
        assert found["ObjectLockMode"] == "COMPLIANCE"
        assert (found["ObjectLockRetainUntilDate"] - datetime.now(UTC)).days > 7 * 365 - 1
    machine = json.loads(s3.get_object(Bucket="ledger", Key=next(iter(stored)))["Body"].read())
    assert machine["ledger"]["bad"] is None


def test_reports_are_no_part_of_the_logs(made, s3):
    ReportStore(s3, "ledger").put(made())
    assert made("again").passed


def test_the_page_escapes_what_events_say(made, seal, s3, event):
    report = made()
    line = report.ledger.logs[0].model_copy(update={"root": "<script>"})
    unsafe = report.model_copy(update={"ledger": report.ledger.model_copy(update={"logs": (line,)})})
    stored = ReportStore(s3, "ledger").put(unsafe)
    page = s3.get_object(Bucket="ledger", Key=list(stored)[1])["Body"].read()
    assert b"<script>" not in page
    assert b"&lt;script&gt;" in page
