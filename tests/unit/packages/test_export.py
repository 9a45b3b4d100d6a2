"""Reading OSV's export: small hostile ones made here, and the public one."""

import resource
import time
import zipfile
from pathlib import Path

import pytest

from appguard.packages import export
from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.export import index_at, records
from appguard.packages.index import build
from appguard.packages.model import Pin
from tests.unit.packages.conftest import osv, zipped


def test_a_zip_and_a_folder_say_the_same(tmp_path: Path) -> None:
    archive, folder = tmp_path / "all.zip", tmp_path / "PyPI"
    archive.write_bytes(
        zipped({"PYSEC-1.json": osv(), "PyPI/PYSEC-2.json": osv("PYSEC-2"), "README": b"hello"})
    )
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    pin = Pin("thing", "1.0")
    assert index_at(archive).ask([pin]) == index_at(folder).ask([pin])
    assert len(index_at(folder).ask([pin]).vulnerabilities[pin]) == 2


def test_an_export_is_read_once_and_found_by_its_digest_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "all.zip"
    archive.write_bytes(zipped({"PYSEC-1.json": osv()}))
    index_at(archive)
    monkeypatch.setattr(export, "records", lambda _: pytest.fail("read again"))
    assert index_at(archive).header.advisories == 1
    archive.write_bytes(zipped({"PYSEC-1.json": osv("changed")}))
    with pytest.raises(pytest.fail.Exception):
        index_at(archive)


def test_an_older_export_leaves_the_cache(tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    for name in ("A", "B"):
        archive.write_bytes(zipped({"PYSEC-1.json": osv(name)}))
        index_at(archive)
    assert len(list((tmp_path / "cache" / "appguard").iterdir())) == 1


def test_a_damaged_cache_is_made_again_and_a_missing_one_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "all.zip"
    archive.write_bytes(zipped({"PYSEC-1.json": osv()}))
    index_at(archive)
    (kept,) = (tmp_path / "cache" / "appguard").iterdir()
    kept.write_bytes(b"damaged")
    assert index_at(archive).header.advisories == 1
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    assert index_at(archive).header.advisories == 1


@pytest.mark.parametrize(
    "archive",
    [
        b"",
        b"not a zip",
        zipped({}),
        zipped({"README": b"hello"}),
        zipped({"a.json": osv(ecosystem="npm")}),
        zipped({"a.json": b"not json"}),
        zipped({"a.json": osv(), "b.json": b"[]"}),
        zipped({"a.json": osv()})[:-30],
        zipped({"bomb.json": b" " * (export.MAX_RECORD + 1)}),
    ],
)
def test_a_hostile_archive_is_refused(archive: bytes) -> None:
    with pytest.raises(AdvisoriesUnusable):
        build(records(archive))


def test_many_members_that_unfold_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_UNPACKED", 1_000)
    with pytest.raises(AdvisoriesUnusable, match="plausible"):
        list(records(zipped({f"{n}.json": osv(details="x" * 300) for n in range(5)})))


def test_a_bomb_takes_no_memory() -> None:
    bomb = zipped({"bomb.json": b" " * 300_000_000})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(AdvisoriesUnusable):
        list(records(bomb))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_member_that_is_encrypted_is_refused() -> None:
    archive = bytearray(zipped({"a.json": osv()}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        archive[archive.index(mark) + (6 if mark.endswith(b"\x04") else 8)] |= 1
    with pytest.raises(AdvisoriesUnusable):
        list(records(bytes(archive)))


def test_the_public_export_is_found_quickly_again(public: Path) -> None:
    index_at(public)
    started = time.monotonic()
    built = index_at(public)
    answer = built.ask([Pin("flask", "0.12"), Pin("requests", "2.31.0"), Pin("nobody-knows-this", "1")])
    assert time.monotonic() - started < 0.5
    assert built.header.advisories == 2661
    found = {pin.name: {fault.id for fault in faults} for pin, faults in answer.vulnerabilities.items()}
    assert found == {"flask": {"CVE-2018-1000656", "CVE-2019-1010083", "CVE-2023-30861"}}


@pytest.mark.parametrize(
    ("name", "version", "id_", "fixed"),
    [
        ("jinja2", "2.10", "CVE-2019-10906", True),
        ("pyyaml", "5.3", "CVE-2020-1747", True),
        ("urllib3", "1.24.1", "CVE-2019-11324", True),
        ("zstd", "1.4.10.0", "CVE-2022-4899", False),
    ],
)
def test_known_faults_of_the_public_export_are_found(
    public: Path, name: str, version: str, id_: str, fixed: bool
) -> None:
    (faults,) = index_at(public).ask([Pin(name, version)]).vulnerabilities.values()
    assert {fault.id: bool(fault.fixed) for fault in faults}[id_] is fixed


def test_what_an_export_says_to_fix_is_sound_for_every_package_in_it(public: Path) -> None:
    built = index_at(public)
    for name in ("django", "jinja2", "pillow", "aiohttp", "cryptography"):
        for fault in (f for faults in built.ask([Pin(name, "1.0")]).vulnerabilities.values() for f in faults):
            if fault.fixed:
                assert not built.ask([Pin(name, fault.fixed)]).vulnerabilities
