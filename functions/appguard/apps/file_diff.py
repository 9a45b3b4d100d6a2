"""What changed in the files between two versions, line by line, bounded in time and length."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from enum import StrEnum
from typing import NamedTuple

MAX_LINES = 4_000
"""Of a file: comparing takes time with the square of it."""
MAX_SHOWN = 1_000
CONTEXT = 3


class Fate(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Line(NamedTuple):
    """A line with `+`, `-` or a space before it, or `@` where lines are left out."""

    sign: str
    text: str


class FileDiff(NamedTuple):
    """One file that differs; `lines` is empty where it is no text or too long to compare here."""

    path: str
    fate: Fate
    lines: tuple[Line, ...]
    rest: int = 0


def file_diffs(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileDiff]:
    """The files that differ, by path."""
    return [
        _diff(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]


def _diff(path: str, before: bytes | None, after: bytes | None) -> FileDiff:
    fate = Fate.ADDED if before is None else Fate.REMOVED if after is None else Fate.CHANGED
    old, new = _lines(before or b""), _lines(after or b"")
    if old is None or new is None:
        return FileDiff(path, fate, ())
    lines = tuple(_told(old, new))
    return FileDiff(path, fate, lines[:MAX_SHOWN], max(0, len(lines) - MAX_SHOWN))


def _lines(content: bytes) -> list[str] | None:
    """The lines of a text that is short enough to compare."""
    try:
        lines = content.decode().split("\n")
    except UnicodeDecodeError:
        return None
    return lines if len(lines) <= MAX_LINES else None


def _told(old: list[str], new: list[str]) -> Iterator[Line]:
    for position, line in enumerate(unified_diff(old, new, lineterm="", n=CONTEXT)):
        if position > 1:  # the names of the two files
            yield Line("@", "") if line.startswith("@@") else Line(line[0], line[1:])
