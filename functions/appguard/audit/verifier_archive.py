"""The verifier as a Python zip application: one file, the same bytes wherever it is made."""

import io
import zipfile
from pathlib import Path

from appguard.audit import verify

SHEBANG = b"#!/usr/bin/env python3\n"
MAIN = "import sys\n\nfrom verify import main\n\nif __name__ == '__main__':\n    sys.exit(main())\n"
THEN = (1980, 1, 1, 0, 0, 0)


def archive() -> bytes:
    """What `zipapp` would make, without the times, owners and modes of this machine's files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for name, text in (("__main__.py", MAIN), ("verify.py", Path(verify.__file__).read_text())):
            made.writestr(zipfile.ZipInfo(name, THEN), text)
    return SHEBANG + file.getvalue()
