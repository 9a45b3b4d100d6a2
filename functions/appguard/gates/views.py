"""The ways to read a file so that a secret in it shows: normalised, joined, reversed, unpacked, by cell.

Scanners match what stands there. Split, reversed, zero-width and compressed secrets escape
them, so each file is offered in several views; lines have their numbers in the plain one alone.
Base64, hexadecimal and percent-encoding are decoded by gitleaks itself.
"""

import base64
import binascii
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from appguard.gates.cells import BROKEN_ZIP, MAX_UNPACKED, sheets, side_by_side
from appguard.gates.model import GateFailed
from appguard.gates.structured import said, spelled, values

_STRETCH = 100_000
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_JOINT = re.compile(r"""(["'])[\s+\\.&]{0,80}[rbfu]{0,2}\1""")
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),  # before UTF-16, whose mark it begins with
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


@dataclass(frozen=True)
class View:
    """One reading of a file. `plain` is the file as written; other readings show what was hidden.

    `clear` is the file with compatibility letters unfolded and invisible ones gone, line for line.
    """

    path: str
    text: str
    plain: bool = False
    clear: bool = False


def views(path: str, content: bytes) -> Iterator[View]:
    """Every reading of one file that differs from those before it."""
    seen: set[str] = set()
    for view in (*readable(path, content), *_guessed(path, content)):
        if view.text and view.text not in seen:
            seen.add(view.text)
            yield view


def readable(path: str, content: bytes) -> Iterator[View]:
    """The readings a person with the right program would see."""
    written = text_of(content)
    clear = clear_text(written)
    yield View(path, written, plain=True, clear=written == clear)
    if written != clear:
        yield View(path, clear, clear=True)
    for text in (
        _JOINT.sub("", clear),
        _JOINT.sub("", said(values(path, clear))),
        *("\n".join("\t".join(row) for row in rows) for rows in sheets(path, clear, content)),
        *_inflated(content),
        *_members(content),
    ):
        yield View(path, text)


def clear_text(written: str) -> str:
    """Compatibility letters as plain ones, invisible ones gone."""
    return _INVISIBLE.sub("", _normal(written))


def _guessed(path: str, content: bytes) -> Iterator[View]:
    """Readings nobody sees, which only somebody who hides a secret means: backwards, and across cells."""
    clear = clear_text(text_of(content))
    yield View(path, "\n".join(line[::-1] for line in _JOINT.sub("", clear).split("\n")))
    yield View(path, spelled(values(path, clear)))
    for rows in sheets(path, clear, content):
        yield View(path, "\n".join(side_by_side(rows)))


def _normal(text: str) -> str:
    """Compatibility letters as plain ones. One letter may become eighteen, so growth has a limit."""
    normal: list[str] = []
    room = 2 * len(text) + 10_000
    for line in text.splitlines(keepends=True):
        for start in range(0, len(line), _STRETCH):
            normal.append(unicodedata.normalize("NFKC", line[start : start + _STRETCH]))
            room -= len(normal[-1])
            if room < 0:
                raise GateFailed("a file unfolds to far more text than it shows")
    return "".join(normal)


def text_of(content: bytes) -> str:
    """The file as text: by its byte order mark, else UTF-8, else byte by byte."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    zeros = content[:200].count(0)
    if zeros > len(content[:200]) * 5 // 8:
        return content.decode("utf-32-le" if content[3:4] == b"\0" else "utf-32-be", errors="replace")
    if zeros > len(content[:200]) // 4:
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _inflated(content: bytes) -> Iterator[str]:
    """Base64 that holds gzip or zlib data."""
    for match in _BASE64.finditer(content):
        try:
            packed = base64.b64decode(
                match.group() + b"==", altchars=b"-_" if b"_" in match.group() else None
            )
            if packed[:2] in (b"\x1f\x8b", b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
                yield text_of(zlib.decompressobj(wbits=47).decompress(packed, MAX_UNPACKED))
        except (binascii.Error, zlib.error):
            continue


def _members(content: bytes) -> Iterator[str]:
    """The files in a zip, which is what xlsx and docx are; tags are dropped so that text stays whole."""
    if not content.startswith(b"PK\x03\x04"):
        return
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist()[:200]:
                with archive.open(info) as member:
                    data = member.read(min(left, info.file_size))
                left -= len(data)
                yield (
                    re.sub(r"<[^>]*>", "\n", text_of(data))
                    if info.filename.endswith(".xml")
                    else text_of(data)
                )
                if left <= 0:
                    return
    except BROKEN_ZIP:
        yield ""
