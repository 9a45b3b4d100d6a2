import json

import pytest

from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.osv import Advisory, record
from tests.unit.packages.conftest import osv


def advisories(document: dict) -> dict[str, Advisory]:
    return dict(record(json.dumps(document).encode(), "x.json").advisories())


def test_names_are_normalised_as_pep_503_says() -> None:
    assert list(advisories(osv(name="Zope.Interface__x"))) == ["zope-interface-x"]


def test_withdrawn_records_and_other_ecosystems_say_nothing() -> None:
    assert advisories(osv(withdrawn="2024-01-01T00:00:00Z")) == {}
    assert advisories(osv(ecosystem="npm")) == {}
    assert advisories(osv(name="../../etc/passwd")) == {}
    assert advisories({**osv(), "affected": [{"ranges": []}]}) == {}


def test_only_ranges_of_the_ecosystem_are_read() -> None:
    document = osv()
    document["affected"][0]["ranges"].append({"type": "GIT", "events": [{"introduced": "abc"}], "repo": "x"})
    (found,) = advisories(document).values()
    assert found.ranges == ((("introduced", "0"), ("fixed", "2.0")),)


@pytest.mark.parametrize(
    "when", ["2024-10-10 17:22:00.587279+00:00", "2024-10-10T17:22:00Z", "2024-10-10T17:22:00"]
)
def test_times_are_read_as_databases_write_them(when: str) -> None:
    assert record(json.dumps(osv() | {"modified": when}).encode(), "x").modified.tzinfo is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"id": 1, "modified": "2024-01-01T00:00:00Z"}',
        json.dumps(osv() | {"modified": "yesterday"}).encode(),
        json.dumps(osv() | {"modified": 1}).encode(),
        json.dumps(osv() | {"affected": {}}).encode(),
        json.dumps(osv(events=[])).encode(),
        json.dumps(osv(events=[{"introduced": 0}])).encode(),
        json.dumps(osv(events=[{"invented": "0"}])).encode(),
        json.dumps(osv(versions="1.0")).encode(),
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_osv_record_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(AdvisoriesUnusable, match=r"x\.json"):
        record(content, "x.json")
