"""Unpack a wheel that may be hostile: in memory, by the rules for any archive, with nothing run.

Installing a wheel is unpacking it (PEP 427). Refused is what would act on its own once it lies there, or
would stand in for a module that Python, the platform or the app's runtime brings.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.metadata import RawMetadata, parse_email
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from appguard.apps.archive import Limits, read
from appguard.apps.bundle_rules import BundleError
from appguard.kernel.errors import Invalid

MEBI = 1024 * 1024
WHEEL = Limits(archive=40 * MEBI, files=10_000, unpacked=120 * MEBI)
# Modules of the bundle and of what runs it, and those that Python imports unasked.
TAKEN = sys.stdlib_module_names | {"app", "appguard", "logic", "sitecustomize", "usercustomize"}
_ACTS = re.compile(r"[^/]*\.(?:pth|start)", re.IGNORECASE)
_MODULE = re.compile(r"([A-Za-z_]\w*)(?:/.*|\.py|(?:\.[\w-]+)?\.so)", re.ASCII)
_LIBRARY = frozenset({"purelib", "platlib"})


class WheelRefused(Invalid):
    """A wheel that cannot be installed."""

    code = "wheel_refused"
    remediation = "Use another version or another package; tell the platform team if you need this one."


@dataclass(frozen=True)
class Unpacked:
    """What lies in the folder of packages once a wheel is installed, and what the wheel says of itself."""

    files: Mapping[str, bytes]
    metadata: RawMetadata

    @property
    def modules(self) -> tuple[str, ...]:
        """The names it is imported by."""
        found = (_MODULE.fullmatch(path) for path in self.files if path.endswith((".py", ".so")))
        return tuple(sorted({name[1] for name in found if name}))


def unpack(filename: str, data: bytes) -> Unpacked:
    """The files of a wheel by where they go; raises `WheelRefused`."""
    try:
        name, version, _, _ = parse_wheel_filename(filename)
        inside = read(data, WHEEL)
    except (BundleError, InvalidWheelFilename) as error:
        raise WheelRefused(f"{filename:.100}: {getattr(error, 'message', 'it is no wheel')}") from None
    metadata = _metadata(filename, inside)
    if (canonicalize_name(metadata.get("name", "")), _version(metadata)) != (name, version):
        raise WheelRefused(f"{filename:.100} says inside that it is another package")
    files = {place: content for path, content in inside.items() if (place := _place(path))}
    _check(filename, files)
    return Unpacked(files, metadata)


def _metadata(filename: str, inside: Mapping[str, bytes]) -> RawMetadata:
    found = [path for path in inside if re.fullmatch(r"[^/]+\.dist-info/METADATA", path)]
    if len(found) != 1:
        raise WheelRefused(f"{filename:.100} has no metadata, or has it twice")
    try:
        return parse_email(inside[found[0]])[0]
    except ValueError:
        raise WheelRefused(f"the metadata of {filename:.100} cannot be read") from None


def _version(metadata: RawMetadata) -> Version | None:
    try:
        return Version(metadata.get("version", ""))
    except InvalidVersion:
        return None


def _place(path: str) -> str | None:
    """Where a file goes; None for programs, headers and data, which no app can reach."""
    first, _, rest = path.partition("/")
    if not first.endswith(".data"):
        return path
    kind, _, inside = rest.partition("/")
    return inside if kind in _LIBRARY else None


def _check(filename: str, files: Mapping[str, bytes]) -> None:
    for path in files:
        root = path.split("/")[0]
        if "/" not in path and _ACTS.fullmatch(path):
            raise WheelRefused(f"{filename:.100} brings {path:.60}, which Python would run by itself")
        if root.split(".")[0].lower() in TAKEN:
            raise WheelRefused(
                f"{filename:.100} brings {root:.60}, which would stand in for a module of that name"
            )
