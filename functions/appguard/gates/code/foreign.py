"""Executables that are no Python source, by content as well as by name.

A micro app runs Python alone. What is machine code, bytecode or an archive of code can be read by
nobody and has no use: it blocks. A script can be read, and a reviewer may know why it is there.
"""

import io
import zipfile
from collections.abc import Iterator

from appguard.apps.bundle import Bundle
from appguard.gates.code.model import finding
from appguard.gates.sources import SUFFIXES
from appguard.kernel.finding import Finding, Severity

BINARIES = (
    ".so", ".dll", ".dylib", ".exe", ".pyd", ".pyc", ".pyo", ".wasm", ".whl", ".egg", ".pyz", ".pth",
    ".jar", ".class", ".node", ".pkl", ".pickle", ".joblib",
)  # fmt: skip
SCRIPTS = (
    ".sh", ".bash", ".zsh", ".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".rb", ".pl", ".php", ".ps1",
    ".bat", ".cmd", ".vbs", ".lua", ".ipynb", ".pyx", ".c", ".rs", ".go",
)  # fmt: skip
_MAGIC = (
    b"\x7fELF", b"\0asm", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
)  # fmt: skip
_BYTECODE_HEADER = 16


def check(bundle: Bundle) -> Iterator[Finding]:
    """One finding for each file that could run and that the other parts of the gate cannot read."""
    for path, content in bundle.files.items():
        name = path.lower()
        if name.endswith(BINARIES) or _runs(content):
            yield finding(
                "code-binary",
                f"{path} is machine code, bytecode or an archive of code; nobody can tell what it does.",
                "Remove it. An app is Python source; packages stand with their version in requirements.txt.",
                path,
            )
        elif name.endswith(SCRIPTS) or (content[:2] == b"#!" and not name.endswith(SUFFIXES)):
            yield finding(
                "code-foreign",
                f"{path} is a script in another language; nothing examines it, and an app never runs it.",
                "Remove it; if it has to stay, a reviewer reads it.",
                path,
                severity=Severity.APPROVE,
            )


def _runs(content: bytes) -> bool:
    windows = content[:2] == b"MZ" and b"PE\0\0" in content[:1024]
    bytecode = content[2:4] == b"\r\n" and len(content) > _BYTECODE_HEADER and b"\0" in content[4:16]
    return content.startswith(_MAGIC) or windows or bytecode or _archive_of_code(content)


def _archive_of_code(content: bytes) -> bool:
    """A zip may stand behind any other content, so its end is what counts; its names are all that is read."""
    if b"PK\x05\x06" not in content[-66_000:]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.lower().endswith((*SUFFIXES, *BINARIES)) for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return False
