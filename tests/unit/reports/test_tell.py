from datetime import UTC, datetime

from appguard.kernel.event import Actor
from appguard.reports.catalogue import FrameworkName
from appguard.reports.model import Period
from appguard.reports.settings import AuditorSettings
from appguard.reports.shelved import Shelved
from appguard.reports.tell import words

SHELVED = Shelved(
    report_id="soc2-2026-03",
    framework=FrameworkName.SOC2,
    title="SOC 2",
    period=Period(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC)),
    made_at=datetime(2026, 4, 1, 6, tzinfo=UTC),
    made_for=Actor.system("reports"),
    folder="0" * 64,
    counts={"failed": 1, "passed": 17, "not evidenced": 1},
    failed=("CC8.1 Changes are authorised, tested and approved",),
    unverified=False,
    sizes={"report.pdf": 1},
)
LINK = "https://portal.example.com/reports/link/x"


def test_the_mail_says_what_failed_and_holds_nothing_but_a_link():
    mail = words("ada@example.com", SHELVED, LINK)
    assert mail.subject == "SOC 2 report, 1 March 2026 to 31 March 2026: 1 control failed"
    assert "CC8.1 Changes are authorised" in mail.text
    assert mail.text.rstrip().endswith(LINK)


def test_a_ledger_that_does_not_verify_is_said_in_the_mail():
    mail = words("ada@example.com", SHELVED.model_copy(update={"unverified": True}), LINK)
    assert "does NOT verify" in mail.text


def test_each_auditor_is_told_once():
    given = AuditorSettings(auditors="ada@example.com, bo@example.com,ada@example.com, ")
    assert given.addresses == ["ada@example.com", "bo@example.com"]
