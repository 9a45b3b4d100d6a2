"""YAML as data and nothing else, with the line and column of every value.

Tags, anchors, aliases, duplicate keys and several documents are refused; size, depth and
number of nodes are bounded while parsing, so a hostile file costs milliseconds. Scalars
follow the YAML 1.2 core schema: `no`, `on` and `2026-01-01` stay text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from appguard.kernel.errors import Invalid

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000

Key = str | int
Path = tuple[Key, ...]


@dataclass(frozen=True)
class Problem:
    """Something wrong at a place, in words a requester can act on. Line and column count from 1."""

    path: str
    line: int
    column: int
    message: str
    suggestion: str = ""


class ManifestError(Invalid):
    """The manifest cannot be accepted; `problems` holds every reason, in order of appearance."""

    code = "manifest_invalid"
    remediation = "Correct the lines named; `appguard schema` prints what is allowed."

    def __init__(self, problems: list[Problem]) -> None:
        """Summarise the first problem and keep all."""
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"line {first.line}: {first.message}{more}", first.suggestion or None)
        self.problems = problems


@dataclass
class Document:
    """The values of a YAML document and where each of them, and each key, stands."""

    value: Any = None
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    text: str = ""

    def mark(self, path: Path) -> tuple[int, int]:
        """Line and column of `path`, or of its nearest existing ancestor."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, (1, 1))


@dataclass
class _Open:
    """A mapping or sequence being filled."""

    path: Path
    value: dict[str, Any] | list[Any]
    key: str | None = None


def load(text: bytes) -> Document:
    """Parse one YAML document. Raises `ManifestError` at the first thing that is not plain data."""
    if len(text) > MAX_BYTES:
        raise _refusal(1, 1, f"the file is {len(text):,} bytes; at most {MAX_BYTES:,} are read")
    try:
        document = _build(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        document.text = text.decode()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refusal(line, column, f"this is not YAML: {error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise _refusal(1, 1, "the file is not UTF-8 text without control characters") from None
    return document


def _build(events: Iterator[yaml.Event]) -> Document:
    document, stack, nodes, documents = Document(), list[_Open](), 0, 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _at(event, "a second document starts here; a manifest is one")
        elif isinstance(event, yaml.NodeEvent):
            nodes += 1
            if nodes > MAX_NODES:
                raise _at(event, f"more than {MAX_NODES:,} values; an app this large is not a micro app")
            _refuse_magic(event)
            _node(event, document, stack)
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
    if document.value is None:
        raise _refusal(1, 1, "the file is empty")
    return document


def _node(event: yaml.Event, document: Document, stack: list[_Open]) -> None:
    if isinstance(event, yaml.ScalarEvent):
        _place(event, _scalar(event), document, stack)
        return
    if len(stack) >= MAX_DEPTH:
        raise _at(event, f"nested deeper than {MAX_DEPTH} levels")
    value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
    path = _place(event, value, document, stack)
    stack.append(_Open(path, value))


def _place(event: yaml.Event, value: Any, document: Document, stack: list[_Open]) -> Path:
    """Put a node where it belongs and remember its position; a mapping's scalar may be its next key."""
    mark = _mark(event)
    if not stack:
        document.value = value
        document.marks[()] = mark
        return ()
    parent = stack[-1]
    if isinstance(parent.value, list):
        path = (*parent.path, len(parent.value))
        parent.value.append(value)
        document.marks[path] = mark
        return path
    if parent.key is None:
        parent.key = _key(event, parent.value)
        document.marks[(*parent.path, parent.key)] = mark
        return parent.path
    path = (*parent.path, parent.key)
    parent.value[parent.key] = value
    parent.key = None
    return path


def _key(event: yaml.Event, siblings: dict[str, Any]) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise _at(event, "a key must be text")
    if event.value in siblings:
        raise _at(event, f"the key {event.value!r:.60} stands here twice", "Keep one of them.")
    return str(event.value)


def _refuse_magic(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _at(event, "anchors and aliases (& and *) are not read", "Write the value out.")
    if getattr(event, "tag", None):
        raise _at(event, "tags (!…) are not read", "Remove the tag; quote the text if it starts with '!'.")


_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    text = str(event.value)
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _at(event: yaml.Event, message: str, suggestion: str = "") -> ManifestError:
    return _refusal(*_mark(event), message, suggestion)


def _mark(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refusal(line: int, column: int, message: str, suggestion: str = "") -> ManifestError:
    return ManifestError([Problem("", line, column, message, suggestion)])
