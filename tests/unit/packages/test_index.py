import json
from datetime import UTC, datetime

import pytest

from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.index import Index, build
from appguard.packages.model import Pin, Vulnerability
from appguard.packages.osv import record
from tests.unit.packages.conftest import osv, zipped


def index(*documents: dict) -> Index:
    return Index(build(record(json.dumps(one).encode(), "x") for one in documents))


def faults(built: Index, name: str, version: str) -> tuple[Vulnerability, ...]:
    pin = Pin(name, version)
    return built.ask([pin]).vulnerabilities.get(pin, ())


def test_a_fault_is_found_by_name_and_version() -> None:
    built = index(osv(aliases=["CVE-2026-1"]))
    assert faults(built, "thing", "1.0") == (Vulnerability("CVE-2026-1", ("PYSEC-1",), "2.0"),)
    assert faults(built, "thing", "2.0") == ()
    assert faults(built, "other", "1.0") == ()


def test_databases_that_speak_of_the_same_fault_are_one_finding() -> None:
    built = index(
        osv("PYSEC-1", aliases=["CVE-1"]),
        osv("GHSA-x", aliases=["CVE-1", "SNYK-1"]),
        osv("OTHER-1", aliases=["SNYK-1"], events=[{"introduced": "0"}]),
        osv("PYSEC-2"),
    )
    first, second = faults(built, "thing", "1.0")
    assert {first.id, *first.aliases} == {"CVE-1", "PYSEC-1", "GHSA-x", "SNYK-1", "OTHER-1"}
    assert second.id == "PYSEC-2"


def test_the_version_to_move_to_has_none_of_the_known_faults() -> None:
    built = index(osv("A", events=[{"introduced": "0"}, {"fixed": "1.5"}]), osv("B"))
    assert {fault.fixed for fault in faults(built, "thing", "1.0")} == {"2.0"}


def test_where_one_fault_has_no_fix_the_others_still_have_theirs() -> None:
    built = index(osv("A"), osv("B", events=[{"introduced": "0"}]))
    assert {fault.id: fault.fixed for fault in faults(built, "thing", "1.0")} == {"A": "2.0", "B": None}


def test_malware_is_known_as_such() -> None:
    (fault,) = faults(
        index(osv("MAL-2026-1", versions=["1.0"], events=[{"introduced": "0"}])), "thing", "1.0"
    )
    assert fault.malicious


def test_its_age_is_that_of_the_newest_record() -> None:
    built = index(osv("A"), osv("B") | {"modified": "2020-01-01T00:00:00Z"})
    assert built.header.as_of == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (built.header.advisories, built.header.packages) == (2, 1)


def test_the_same_records_give_the_same_bytes() -> None:
    documents = [record(json.dumps(osv(f"A-{n}", name=f"p{n}")).encode(), "x") for n in range(20)]
    assert build(documents) == build(reversed(documents))


def test_no_records_are_no_index() -> None:
    with pytest.raises(AdvisoriesUnusable):
        build([])


HEADER = b'{"format":1,"as_of":"2026-11-20T10:00:00Z","advisories":1,"packages":1}'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a zip",
        zipped({}),
        zipped({"index.json": b"{}"}),
        zipped({"index.json": HEADER.replace(b"1,", b"2,")}),
    ],
)
def test_what_is_no_index_is_refused(data: bytes) -> None:
    with pytest.raises(AdvisoriesUnusable):
        Index(data)


@pytest.mark.parametrize("member", [b"{}", b"[{}]", b"null", b"[" + b" " * 17_000_000 + b"]"])
def test_a_damaged_member_is_refused_when_it_is_asked_for(member: bytes) -> None:
    built = Index(zipped({"index.json": HEADER, "packages/thing.json": member}))
    assert built.ask([Pin("other", "1")]).vulnerabilities == {}
    with pytest.raises(AdvisoriesUnusable):
        built.ask([Pin("thing", "1")])
