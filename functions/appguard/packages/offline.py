"""Sources on a laptop or in CI: files somebody fetched before."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from appguard.kernel.record import Record
from appguard.packages.errors import FactsUnusable
from appguard.packages.export import index_at
from appguard.packages.model import Answer, Facts, Pin

MAX_BYTES = 64 * 1024 * 1024


class AdvisoryFile:
    """An OSV export, read when a bundle has dependencies to look up and not before."""

    def __init__(self, path: Path) -> None:
        """A zip or folder at `path`."""
        self._path = path

    def ask(self, pins: Sequence[Pin]) -> Answer:
        """What the export says; raises `AdvisoriesUnusable`."""
        return index_at(self._path).ask(pins)


class _File(Record):
    packages: tuple[Facts, ...]


class FactFile:
    """Facts as the package index published them, in a JSON file."""

    def __init__(self, path: Path) -> None:
        """A file at `path`."""
        self._path = path

    def facts(self, pins: Sequence[Pin]) -> Mapping[Pin, Facts]:
        """The facts of those pins that stand in the file; raises `FactsUnusable`."""
        if self._path.stat().st_size > MAX_BYTES:
            raise FactsUnusable(f"{self._path.name} is larger than {MAX_BYTES:,} bytes")
        try:
            read = _File.model_validate_json(self._path.read_bytes())
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the file"
            raise FactsUnusable(
                f"{self._path.name} holds no package facts ({where}: {first['msg']})"
            ) from None
        known = {(one.name, one.version): one for one in read.packages}
        return {pin: known[pin.name, pin.version] for pin in pins if (pin.name, pin.version) in known}
