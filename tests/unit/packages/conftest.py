"""Advisories to ask about, small ones made here and the public ones where they are at hand."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

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
