"""Change single values of a YAML text and leave everything else as its author wrote it.

Edits are made by position, never by dumping, so that comments and layout stay. What comes out is
read again: a rewrite that would change anything but what was asked for yields no edit at all.
"""

import json
import re
from copy import deepcopy
from typing import Any

import yaml

from appguard.apps.yaml_source import Key, ManifestError, Path, load
from appguard.kernel.fix import Edit, apply

Scalar = str | int
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


class Rewrite:
    """Changes to one document, collected; `edits` hands them out once they are proven."""

    def __init__(self, text: str) -> None:
        """Begin with a text that `load` accepts."""
        self.text = text
        self._lines = text.split("\n")
        self._wanted: Any = deepcopy(load(text.encode()).value)
        self._root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._edits: list[Edit] = []
        self._possible = "\r" not in text.replace("\r\n", "\n")

    def set(self, path: Path, value: Scalar) -> "Rewrite":
        """Write another value in place of the one at `path`."""
        node = self._node(path)
        if isinstance(node, yaml.ScalarNode) and path:
            _at(self._wanted, path[:-1])[path[-1]] = value
            self._replace(node.start_mark, node.end_mark, _written(value))
        else:
            self._possible = False
        return self

    def remove(self, path: Path) -> "Rewrite":
        """Take one item out of a list; of a list of lines the last item takes its key along."""
        parent, index = self._node(path[:-1]), path[-1]
        if not isinstance(parent, yaml.SequenceNode) or not isinstance(index, int):
            self._possible = False
            return self
        items = parent.value
        if parent.flow_style:
            del _at(self._wanted, path[:-1])[index]
            self._remove_between_commas(items, index)
        elif len(items) > 1:
            del _at(self._wanted, path[:-1])[index]
            self._remove_lines(items[index].start_mark.line, items[index].end_mark.line)
        else:
            del _at(self._wanted, path[:-2])[path[-2]]
            self._remove_lines(self._key(path[:-1]).start_mark.line, items[0].end_mark.line)
        return self

    def append(self, path: Path, value: Scalar) -> "Rewrite":
        """Add an item to the list at `path`, which is made if its mapping has none yet."""
        node = self._node(path)
        if isinstance(node, yaml.SequenceNode):
            _at(self._wanted, path).append(value)
            self._add(node, _written(value))
        elif node is None and isinstance(parent := self._node(path[:-1]), yaml.MappingNode):
            _at(self._wanted, path[:-1])[path[-1]] = [value]
            self._add(parent, f"{path[-1]}: [{_written(value)}]")
        else:
            self._possible = False
        return self

    def edits(self) -> tuple[Edit, ...]:
        """The edits; none if they would not do exactly what was asked."""
        if not self._possible or not self._edits:
            return ()
        try:
            got = load(apply(self.text, self._edits).encode()).value
        except (ManifestError, ValueError):
            return ()
        return tuple(self._edits) if got == self._wanted else ()

    def _add(self, node: yaml.CollectionNode, written: str) -> None:
        """Write one more entry into a list or mapping, in the way its others are written."""
        entries = [entry if isinstance(entry, yaml.Node) else entry[1] for entry in node.value]
        if node.flow_style:
            end = entries[-1].end_mark if entries else node.start_mark
            self._insert(end.line, end.column + (not entries), f", {written}" if entries else written)
            return
        last = _last_line(entries[-1])
        dash = "- " if isinstance(node, yaml.SequenceNode) else ""
        self._insert(
            last, len(self._lines[last].rstrip("\r")), f"\n{' ' * node.start_mark.column}{dash}{written}"
        )

    def _remove_between_commas(self, items: list[yaml.Node], index: int) -> None:
        item = items[index]
        if index + 1 < len(items):
            self._replace(item.start_mark, items[index + 1].start_mark, "")
        else:
            self._replace(items[index - 1].end_mark if index else item.start_mark, item.end_mark, "")

    def _remove_lines(self, first: int, last: int) -> None:
        self._edits.append(Edit(line=first + 1, column=1, end_line=last + 2, end_column=1, text=""))

    def _insert(self, line: int, column: int, text: str) -> None:
        self._edits.append(
            Edit(line=line + 1, column=column + 1, end_line=line + 1, end_column=column + 1, text=text)
        )

    def _replace(self, start: yaml.Mark, end: yaml.Mark, text: str) -> None:
        """Replace a stretch; one that holds a comment is left alone."""
        stretch = "\n".join(self._lines[start.line : end.line + 1])
        self._possible &= start.line == end.line or "#" not in stretch
        self._edits.append(
            Edit(
                line=start.line + 1,
                column=start.column + 1,
                end_line=end.line + 1,
                end_column=end.column + 1,
                text=text,
            )
        )

    def _node(self, path: Path) -> yaml.Node | None:
        """The node at `path`."""
        node: yaml.Node | None = self._root
        for step in path:
            node = _child(node, step)
        return node

    def _key(self, path: Path) -> yaml.ScalarNode:
        mapping: Any = self._node(path[:-1])
        keys: list[yaml.ScalarNode] = [key for key, _ in mapping.value]
        return next(key for key in keys if key.value == path[-1])


def _child(node: yaml.Node | None, step: Key) -> yaml.Node | None:
    entries: list[tuple[Key, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        entries = [(key.value, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        entries = list(enumerate(node.value))
    return next((value for key, value in entries if key == step), None)


def _last_line(node: yaml.Node) -> int:
    """The line its last scalar ends on; the end of a block collection is where the next one begins."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last if isinstance(last, yaml.Node) else last[1]
    return int(node.end_mark.line)


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _written(value: Scalar) -> str:
    """A scalar as YAML: plain where that is safe, else quoted as JSON, which YAML reads too."""
    text = str(value)
    plain = isinstance(value, int) or (_PLAIN.fullmatch(text) and yaml.safe_load(text) == text)
    return text if plain else json.dumps(text)
