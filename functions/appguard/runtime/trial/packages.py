"""The app's packages for its tests: fetched before anything runs, and laid out for reading only."""

import io
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

from appguard.kernel.errors import Unavailable

LARGEST = 130 * 1024 * 1024
SECONDS = 20


def laid_out(wanted: Mapping[str, str] | None, folder: Path) -> str | None:
    """Unpack the archive of that address and digest into `folder`; raises `Unavailable`.

    The archive was made by the platform of wheels it examined, so its names need no second look.
    """
    if wanted is None:
        return None
    try:
        # The address comes from the gate that calls: a file of this machine, or an object lent for minutes.
        with urlopen(wanted["url"], timeout=SECONDS) as found:  # noqa: S310
            content = found.read(LARGEST)
    except OSError:
        raise Unavailable("The packages of the app could not be fetched for its tests.") from None
    if sha256(content).hexdigest() != wanted["sha256"]:
        raise Unavailable("The packages fetched for the tests are not the ones that were examined.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return str(folder)
