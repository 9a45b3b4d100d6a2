"""Advisories to ask about, small ones made here and the public ones where they are at hand."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from appguard.packages.model import Resolution
from appguard.packages.resolve import Resolve
from appguard.packages.source import PackageIndex
from tests.support.package_index import Index, serving

PUBLIC = Path(__file__).parents[4] / "shared" / "advisories" / "pypi-osv.zip"

Make = Callable[..., dict[str, Any]]


def osv(id_: str = "PYSEC-1", name: str = "thing", **more: Any) -> dict[str, Any]:
    """One OSV record about `name`, affecting everything before 2.0 unless said otherwise."""
    affected = {
        "package": {"ecosystem": more.pop("ecosystem", "PyPI"), "name": name},
        "ranges": [
            {"type": "ECOSYSTEM", "events": more.pop("events", [{"introduced": "0"}, {"fixed": "2.0"}])}
        ],
        "versions": more.pop("versions", []),
    }
    return {"id": id_, "modified": "2026-11-20T10:00:00Z", "affected": [affected], **more}


def zipped(files: Mapping[str, bytes | dict[str, Any]]) -> bytes:
    """An archive of these files; dictionaries are written as JSON."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return written.getvalue()


@pytest.fixture(scope="session")
def public() -> Path:
    if not PUBLIC.is_file():
        pytest.skip("the public advisories are not at hand")
    return PUBLIC


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def index() -> Iterator[Index]:
    with serving() as found:
        yield found


class Shelves(dict[str, bytes]):
    """Wheels and archives in memory."""

    def wheel(self, digest: str) -> bytes | None:
        return self.get(digest)

    def keep_wheel(self, digest: str, content: bytes) -> None:
        self[digest] = content


@pytest.fixture
def shelves() -> Shelves:
    return Shelves()


@pytest.fixture
def resolve(index: Index, shelves: Shelves) -> Callable[[str], Resolution]:
    """Ask the index about a requirements.txt, anew each time."""

    def resolve(text: str) -> Resolution:
        return Resolve(PackageIndex(index.url, shelves), shelves.__setitem__)(text.encode())

    return resolve
