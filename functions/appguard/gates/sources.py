"""Python files as syntax trees, read once and in one way for every gate that looks at code.

What one gate could read and another could not would be a place to hide in. So what cannot be read
here is read by no gate; the code gate refuses it, and the others need not speak of it.
"""

import ast
import io
import tokenize
import warnings
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

from appguard.apps.bundle import Bundle

SUFFIXES = (".py", ".pyw", ".pyi")
MAX_BYTES = 200_000


@dataclass(frozen=True)
class Source:
    """A Python file that parses: its text with plain line ends, and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        """Whether it stands among the tests, which never run in a published app."""
        return self.path.startswith("tests/")


class Unreadable(NamedTuple):
    """A file that cannot be examined, why, and at which line that shows."""

    path: str
    why: str
    line: int | None


class Reading(NamedTuple):
    """All Python of a bundle: the files that parse, and those that do not."""

    sources: tuple[Source, ...]
    unreadable: tuple[Unreadable, ...]


class _Problem(Exception):
    """Why a file cannot be examined, and at which line."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


_lock = Lock()
_readings: WeakKeyDictionary[Bundle, Reading] = WeakKeyDictionary()


def read(bundle: Bundle) -> Reading:
    """Every Python file of `bundle`, parsed by the first gate that asks. Nobody changes a tree."""
    with _lock:
        if bundle not in _readings:
            _readings[bundle] = _read(bundle)
        return _readings[bundle]


def _read(bundle: Bundle) -> Reading:
    sources, unreadable = list[Source](), list[Unreadable]()
    for path, content in bundle.files.items():
        if path.lower().endswith(SUFFIXES):
            try:
                sources.append(_source(path, content))
            except _Problem as problem:
                unreadable.append(Unreadable(path, str(problem), problem.line))
    return Reading(tuple(sources), tuple(unreadable))


def _source(path: str, content: bytes) -> Source:
    """Text and tree; raises `_Problem`.

    Every tool must see what Python sees. So there is one encoding, and a lone carriage return,
    which ends a line for Python and not for others, becomes a line feed.
    """
    if len(content) > MAX_BYTES:
        raise _Problem(f"it is larger than {MAX_BYTES:,} bytes")
    text = _text(content).replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes in strings: the author's business
            tree = ast.parse(text)
    except SyntaxError as error:
        raise _Problem(f"it is no valid Python ({error.msg})", error.lineno) from None
    except (RecursionError, MemoryError):
        raise _Problem("it is nested too deeply") from None
    except ValueError:
        raise _Problem("it holds characters no Python file may hold") from None
    return Source(path, text, tree)


def _text(content: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if encoding not in ("utf-8", "utf-8-sig"):
            raise _Problem(f"it is written in {encoding:.40}, not in UTF-8", 1)
        text = content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        raise _Problem("it is not written in UTF-8") from None
    if "\0" in text:
        raise _Problem("it holds NUL bytes")
    return text
