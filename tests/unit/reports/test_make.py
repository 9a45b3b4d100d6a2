"""From a real (emulated) ledger to signed reports on the shelf, and back to the auditor's folder."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appguard.audit.export import export
from appguard.audit.signing import pem
from appguard.audit.verify import Key
from appguard.kernel.errors import NotFound
from appguard.kernel.event import Actor, Role
from appguard.provenance.key_file import load_keys
from appguard.provenance.signing import BuilderKey
from appguard.reports.catalogue import FrameworkName, catalogue
from appguard.reports.fetch import fetch
from appguard.reports.make import Making
from appguard.reports.manifest import ReportUnverified, verify
from appguard.reports.model import Period
from appguard.reports.order import Order
from appguard.reports.shelf import LINK_LASTS, Shelf
from appguard.reports.store import ReportStore
from tests.support.kms import Kms

NOW = datetime(2026, 4, 2, tzinfo=UTC)
ADA = Actor(id="ada@example.com", role=Role.AUDITOR)
MARCH = Period(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))
ORDER = Order.asked(FrameworkName.SOC2, MARCH, ADA, NOW)


@dataclass
class House:
    """The shelf, who makes reports, and the key they are signed with."""

    making: Making
    shelf: Shelf
    kms: Kms
    asked: list[Order]
    now: datetime = NOW


@pytest.fixture
def house(s3, dynamodb, outbox, signer, seal, event) -> House:
    seal(event(1), event(2, action="data.read", classes=["personal"], rows=3))
    kms, store = Kms(), ReportStore(s3, dynamodb, outbox, "ledger", "catalog")

    def copy(folder: Path) -> Key:
        export(s3, "ledger", pem(signer.public_key), folder)
        return Key(signer.public_key)

    asked: list[Order] = []
    made = House(None, None, kms, asked)  # type: ignore[arg-type]
    made.making = Making(store, copy, lambda: BuilderKey(kms, "key"), catalogue(), lambda: made.now)
    made.shelf = Shelf(store, outbox, asked.append, lambda: made.now)
    return made


@pytest.fixture
def fetched(house, s3, tmp_path):
    """The report in a folder, as `appguard report fetch` leaves it."""
    house.making.make([ORDER])
    folder = tmp_path / "report"
    for name, body in fetch(s3, "ledger", ORDER.report_id).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def recorded(dynamodb, action) -> list[dict]:
    bodies = [json.loads(item["body"]["S"]) for item in dynamodb.scan(TableName="outbox")["Items"]]
    return [body for body in bodies if body["action"] == action]


def test_a_report_is_made_once_however_often_it_is_ordered(house, dynamodb):
    assert house.making.make([ORDER]) == [ORDER.report_id]
    assert house.making.make([ORDER]) == []
    [event] = recorded(dynamodb, "report.created")
    assert event["actor"]["id"] == ADA.id
    assert event["metadata"]["manifest"] == house.shelf.get(ORDER.report_id).folder


def test_what_is_due_is_made_and_a_month_before_the_ledger_began_is_not(house):
    assert house.making.due() == ["soc2-2026-03", "iso27001-2026-03", "nist80053-2026-03"]
    house.now = datetime(2026, 3, 1, 13, tzinfo=UTC)
    assert house.making.due() == []


def test_every_file_is_locked_for_seven_years(house, s3):
    house.making.make([ORDER])
    shelved = house.shelf.get(ORDER.report_id)
    for name in shelved.sizes:
        found = s3.get_object(Bucket="ledger", Key=shelved.key(name))
        assert found["ObjectLockMode"] == "COMPLIANCE"
        assert (found["ObjectLockRetainUntilDate"] - datetime.now(UTC)).days > 7 * 365 - 1


def test_a_broken_ledger_is_said_on_the_shelf_and_named_in_the_report(house, s3):
    s3.put_object(Bucket="ledger", Key="3y/tile/entries/000.p/2", Body=b"")
    house.making.make([ORDER])
    shelved = house.shelf.get(ORDER.report_id)
    assert shelved.unverified
    assert any(line.startswith("CC2.1") for line in shelved.failed)
    page = s3.get_object(Bucket="ledger", Key=shelved.key("report.html"))["Body"].read()
    assert b"3y/tile/entries/000.p/2: shadowed" in page


def test_reports_are_no_part_of_the_logs(house):
    house.making.make([ORDER])
    later = Order.asked(FrameworkName.NIST80053, MARCH, ADA, NOW)
    house.making.make([later])
    assert not house.shelf.get(later.report_id).unverified


def test_what_was_fetched_verifies_offline(house, fetched):
    found = verify(fetched, load_keys(house.kms.spki))
    assert found.predicate.report_id == ORDER.report_id
    assert {one.name for one in found.subject} >= {"report.pdf", "report.html", "annexes/accesses.csv"}


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (lambda folder: (folder / "report.html").write_bytes(b"All is well"), "report.html: altered"),
        (lambda folder: (folder / "report.pdf").unlink(), "report.pdf: missing"),
        (lambda folder: (folder / "annexes/more.csv").write_bytes(b""), "annexes/more.csv: added"),
        (lambda folder: (folder / "manifest.dsse.json").unlink(), "manifest.dsse.json: missing"),
        (
            lambda folder: (folder / "manifest.dsse.json").write_bytes(b"{}"),
            "manifest.dsse.json: it is no DSSE",
        ),
    ],
)
def test_tampering_is_named(house, fetched, tamper, named):
    tamper(fetched)
    with pytest.raises(ReportUnverified, match=named):
        verify(fetched, load_keys(house.kms.spki))


def test_another_key_does_not_verify(fetched):
    with pytest.raises(ReportUnverified, match="a key that is not ours"):
        verify(fetched, load_keys(Kms().spki))


def test_a_file_is_fetched_from_an_address_that_ends_and_who_fetches_is_recorded(house, dynamodb):
    house.making.make([ORDER])
    address = house.shelf.fetch(ORDER.report_id, "report.pdf", ADA)
    assert ORDER.report_id in address
    [event] = recorded(dynamodb, "report.fetched")
    assert (event["actor"]["id"], event["metadata"]) == (ADA.id, {"file": "report.pdf"})


def test_there_is_no_address_of_what_is_not_part_of_a_report(house, dynamodb):
    house.making.make([ORDER])
    with pytest.raises(NotFound):
        house.shelf.fetch(ORDER.report_id, "../../3y/checkpoint", ADA)
    assert recorded(dynamodb, "report.fetched") == []


def test_a_link_leads_to_its_report_until_it_ends(house):
    token = house.shelf.link(ORDER.report_id)
    assert house.shelf.behind(token) == ORDER.report_id
    house.now = NOW + LINK_LASTS + timedelta(seconds=1)
    with pytest.raises(NotFound, match="ended"):
        house.shelf.behind(token)


def test_the_table_does_not_know_the_token_of_a_link(house, dynamodb):
    token = house.shelf.link(ORDER.report_id)
    assert token not in str(dynamodb.scan(TableName="catalog")["Items"])


def test_ordering_is_recorded_and_handed_on(house, dynamodb):
    house.shelf.order(ORDER)
    assert house.asked == [ORDER]
    assert recorded(dynamodb, "report.asked")[0]["resource"]["id"] == ORDER.report_id
