"""All packages of an app as they lie in its folder, and the archive of them: the same bytes everywhere.

The sandbox gets the archive, the app's own function the same files. Both are made of wheels whose hashes
stand in requirements.txt, which is part of what was approved.
"""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from appguard.packages.model import Pin, Resolution
from appguard.packages.wheels import MEBI, WheelRefused, unpack

LARGEST = 120 * MEBI
"""Lambda takes 250 MB unpacked, of which the runtime and its layers have less than half."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def files(pins: Sequence[Pin], known: Resolution, wheel: Callable[[str], bytes | None]) -> dict[str, bytes]:
    """The files of all pins; raises `WheelRefused` where a wheel is not the one pinned, or two disagree."""
    found: dict[str, bytes] = {}
    for pin in sorted(pins, key=lambda pin: pin.name):
        facts = known.of(pin)
        if facts is None or facts.wheel is None or pin.hashes != facts.pin.hashes:
            raise WheelRefused(
                f"{pin.name} {pin.version} is not pinned to the wheel that fits where apps run"
            )
        content = wheel(facts.wheel.sha256)
        if content is None or sha256(content).hexdigest() != facts.wheel.sha256:
            raise WheelRefused(f"the wheel of {pin.name} {pin.version} is not there as it was examined")
        for path, inside in unpack(facts.wheel.filename, content).files.items():
            if found.setdefault(path, inside) != inside:
                raise WheelRefused(f"{pin.name} brings {path:.100}, and so does another package")
        if sum(map(len, found.values())) > LARGEST:
            raise WheelRefused(f"the packages unpack to more than {LARGEST // MEBI} MB together")
    return found


def archive(found: Mapping[str, bytes]) -> bytes:
    """The files as one archive that depends on names and contents alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for path, content in sorted(found.items()):
            info = zipfile.ZipInfo(path, LONG_AGO)
            info.external_attr = 0o644 << 16
            packed.writestr(info, content, zipfile.ZIP_DEFLATED, compresslevel=1)
    return buffer.getvalue()
