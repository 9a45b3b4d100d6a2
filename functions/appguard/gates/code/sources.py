"""Python files as syntax trees. What cannot be read as Python is a finding, never a crash."""

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator

from appguard.apps.bundle import Bundle
from appguard.gates.code.model import Source, finding
from appguard.kernel.finding import Finding

SUFFIXES = (".py", ".pyw", ".pyi")
MAX_BYTES = 200_000


class Unreadable(Exception):
    """Why a file cannot be examined, and at which line."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


def read(bundle: Bundle) -> tuple[list[Source], list[Finding]]:
    """The files that parse, and one finding for each that does not."""
    sources, broken = [], []
    for path, content in _python(bundle):
        try:
            sources.append(_source(path, content))
        except Unreadable as problem:
            broken.append(
                finding(
                    "code-unreadable",
                    f"{path} cannot be examined: {problem}.",
                    "Save it as plain UTF-8 Python that runs; split what is long or deeply nested.",
                    path,
                    problem.line,
                )
            )
    return sources, broken


def _python(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    for path, content in bundle.files.items():
        if path.lower().endswith(SUFFIXES):
            yield path, content


def _source(path: str, content: bytes) -> Source:
    """Text and tree; raises `Unreadable`.

    Every tool must see what Python sees. So there is one encoding, and a lone carriage return,
    which ends a line for Python and not for others, becomes a line feed.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES:,} bytes")
    text = _text(content).replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes in strings: the author's business
            tree = ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(f"it is no valid Python ({error.msg})", error.lineno) from None
    except (RecursionError, MemoryError):
        raise Unreadable("it is nested too deeply") from None
    except ValueError:
        raise Unreadable("it holds characters no Python file may hold") from None
    return Source(path, text, tree)


def _text(content: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if encoding not in ("utf-8", "utf-8-sig"):
            raise Unreadable(f"it is written in {encoding:.40}, not in UTF-8", 1)
        text = content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        raise Unreadable("it is not written in UTF-8") from None
    if "\0" in text:
        raise Unreadable("it holds NUL bytes")
    return text
