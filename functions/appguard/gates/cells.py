"""Spreadsheets as rows of cells: CSV, TSV, and xlsx with its shared and inline strings."""

import csv
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice

Row = list[str]

MAX_UNPACKED = 4 * 1024 * 1024
_MOST_ROWS = 20_000
_SHARED = re.compile(r"<si\b[^>]*>(.*?)</si>", re.DOTALL)
_TEXT = re.compile(r"<t\b[^>]*>(.*?)</t>", re.DOTALL)
_ROW = re.compile(r"<row\b[^>]*>(.*?)</row>", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]*)>(.*?)</c>", re.DOTALL)
_VALUE = re.compile(r"<v\b[^>]*>(.*?)</v>", re.DOTALL)
BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, OSError)


def sheets(path: str, text: str, content: bytes) -> Iterator[list[Row]]:
    """Every sheet of a file, none if it is no spreadsheet. `text` is the file as it reads."""
    if content.startswith(b"PK\x03\x04"):
        yield from _workbook(content)
    elif path.lower().endswith((".csv", ".tsv")):
        yield _separated(text)


def side_by_side(rows: list[Row]) -> Iterator[str]:
    """Cells joined with their next one and two neighbours, along rows and down columns."""
    for line in (*rows, *_columns(rows)):
        yield from joined([cell.strip() for cell in line])


def joined(values: list[str]) -> Iterator[str]:
    """What neighbours spell together: the last word of one, what follows, the first word of the next."""
    parts = [value.split() for value in values]
    for first, second, third in zip(parts, parts[1:], [*parts[2:], []], strict=False):
        if first and second and _fragment(first[-1]) and _fragment(second[0]):
            yield _bare(first[-1] + second[0])
            if len(second) == 1 and third and _fragment(third[0]):
                yield _bare(first[-1] + second[0] + third[0])


def _fragment(word: str) -> bool:
    return 4 <= len(word) <= 200  # noqa: PLR2004


def _bare(text: str) -> str:
    return text.strip("\"'")


def _columns(rows: list[Row]) -> Iterator[Row]:
    for index in range(min(max(map(len, rows), default=0), 64)):
        yield [row[index] if index < len(row) else "" for row in rows]


def _separated(text: str) -> list[Row]:
    head = text[:4096]
    mark = max(",;\t|", key=head.count)
    try:
        return list(islice(csv.reader(io.StringIO(text), delimiter=mark), _MOST_ROWS))
    except csv.Error:
        return [line.split(mark) for line in text.splitlines()[:_MOST_ROWS]]


def _workbook(content: bytes) -> Iterator[list[Row]]:
    """By pattern rather than by an XML parser: nothing here can be an entity or a reference to elsewhere."""
    left = MAX_UNPACKED
    parts: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist()[:200]:
                if info.filename == "xl/sharedStrings.xml" or info.filename.startswith("xl/worksheets/sheet"):
                    with archive.open(info) as member:
                        data = member.read(max(0, left))
                    left -= len(data)
                    parts[info.filename] = data.decode("utf-8", errors="replace")
    except BROKEN_ZIP:
        return
    shared = [_spelled(item) for item in _SHARED.findall(parts.pop("xl/sharedStrings.xml", ""))]
    if shared:
        yield [[text] for text in shared]
    for sheet in parts.values():
        yield [list(_cells(row, shared)) for row in islice(_ROW.findall(sheet), _MOST_ROWS)]


def _cells(row: str, shared: list[str]) -> Iterator[str]:
    for attributes, inside in _CELL.findall(row):
        value = _VALUE.search(inside)
        if value is None:
            yield _spelled(inside)
        elif 't="s"' in attributes:
            index = value[1].strip()
            yield shared[int(index)] if index.isdecimal() and int(index) < len(shared) else ""
        else:
            yield html.unescape(value[1])


def _spelled(inside: str) -> str:
    """A text cut into differently formatted runs is one text."""
    return html.unescape("".join(_TEXT.findall(inside)))
