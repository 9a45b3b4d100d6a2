"""The verifier as a Python zip application: the same bytes wherever it is made."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from appguard.audit import verify

SHEBANG = b"#!/usr/bin/env python3\n"
MAIN = "import sys\n\nfrom verify.command import main\n\nif __name__ == '__main__':\n    sys.exit(main())\n"
THEN = (1980, 1, 1, 0, 0, 0)


def archive() -> bytes:
    """What `zipapp` would make, without the times, owners and modes of this machine's files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        made.writestr(zipfile.ZipInfo("__main__.py", THEN), MAIN)
        for name, text in sources():
            made.writestr(zipfile.ZipInfo(f"verify/{name}", THEN), text)
    return SHEBANG + file.getvalue()


def sources() -> Iterator[tuple[str, bytes]]:
    """The verifier's files by name."""
    for file in sorted(Path(verify.__file__).parent.glob("*.py")):
        yield file.name, file.read_bytes()
