"""Change one thing in a manifest's text and leave every other line as its author wrote it.

Each function takes a text and gives the new one. What comes out is read again: an edit that would
change anything but what was asked for is refused with `CannotEdit`.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import yaml

from appguard.apps.editing.nodes import CannotEdit, Nodes, children
from appguard.apps.editing.written import block, inline
from appguard.apps.yaml_source import ManifestError, Path, load

Change = Callable[[Any, Any], None]
Lines = list[str]


def put(text: str, path: Path, value: Any) -> str:
    r"""`value` at `path` of a mapping, in place of what stood there or as a new entry.

    >>> put("label: Where # ?\n", ("label",), "Where to")
    'label: Where to # ?\n'
    """
    nodes = Nodes(text)
    if len(path) > 1 and nodes.at(path[:-1]) is None:
        return put(text, path[:-1], {path[-1]: value})
    parent, node = nodes.at(path[:-1]), nodes.at(path)
    if not isinstance(parent, yaml.MappingNode):
        raise CannotEdit("it is not where it was.")
    if node is None:
        lines = _inserted(nodes, path[:-1], len(parent.value), {path[-1]: value})
    elif parent.flow_style or (_on_one_line(node) and _fits_a_line(value)):
        lines = _replaced(nodes, node.start_mark, node.end_mark, inline(value))
    else:
        first, last = nodes.extent(path)
        key = next(key for key, _ in parent.value if key.value == path[-1])
        kept = nodes.lines[first : key.start_mark.line]
        lines = _spliced(
            nodes, first, last, [*kept, *_entry(nodes, key.start_mark.column, {path[-1]: value})]
        )
    return _proven(nodes, lines, path, lambda parent, key: parent.update({key: value}))


def insert(text: str, path: Path, index: int, value: Any) -> str:
    """`value` as a new item of the list at `path`, which is made if there is none."""
    nodes = Nodes(text)
    found = nodes.at(path)
    if not isinstance(found, yaml.SequenceNode) or not found.value:
        return put(text, path, [value])
    at = min(index, len(found.value))
    lines = _inserted(nodes, path, at, value)
    return _proven(nodes, lines, (*path, at), lambda items, index: items.insert(index, value))


def drop(text: str, path: Path) -> str:
    """Without the item or entry at `path` and the comments right above it; an empty list stays as `[]`."""
    nodes = Nodes(text)
    parent = nodes.at(path[:-1])
    if isinstance(parent, yaml.SequenceNode) and len(parent.value) == 1:
        return put(text, path[:-1], [])
    if isinstance(parent, yaml.CollectionNode) and parent.flow_style:
        lines = _dropped_between_commas(nodes, path)
    else:
        lines = _dropped_lines(nodes, path)
    return _proven(nodes, lines, path, lambda parent, key: parent.__delitem__(key))


def move(text: str, path: Path, to: int) -> str:
    """The item at `path` and its neighbour at index `to` in each other's place, comments moving along."""
    nodes = Nodes(text)
    items, index = nodes.at(path[:-1]), path[-1]
    if not isinstance(items, yaml.SequenceNode) or not isinstance(index, int) or abs(index - to) != 1:
        raise CannotEdit("it has no neighbour there.")
    if not 0 <= min(index, to) <= max(index, to) < len(items.value):
        raise CannotEdit("it has no neighbour there.")
    one, other = sorted((index, to))
    lines = (_swapped_between_commas if items.flow_style else _swapped)(nodes, path[:-1], one, other)
    return _proven(nodes, lines, (*path[:-1], one), _swap)


def _swap(items: list[Any], index: int) -> None:
    items[index], items[index + 1] = items[index + 1], items[index]


def _proven(nodes: Nodes, lines: Lines, path: Path, change: Change) -> str:
    """The new text, if it reads as the old one after `change` and as nothing else."""
    wanted = deepcopy(nodes.value)
    parent = wanted
    for step in path[:-1]:
        parent = parent[step]
    change(parent, path[-1])
    text = "\n".join(lines)
    try:
        same = _told(load(text.encode()).value) == _told(wanted)
    except (ManifestError, UnicodeEncodeError):
        same = False
    if not same:
        raise CannotEdit("the lines around it are laid out in an unusual way.")
    return text


def _told(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _on_one_line(node: yaml.Node) -> bool:
    return bool(node.start_mark.line == node.end_mark.line)


def _fits_a_line(value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, dict) for item in value)
    return not isinstance(value, dict) and "\n" not in str(value)


def _entry(nodes: Nodes, column: int, value: Any) -> Lines:
    """One entry or item of a block collection, with its indentation."""
    first, *rest = block(value, column)
    return [" " * column + first, *rest]


def _inserted(nodes: Nodes, path: Path, index: int, value: Any) -> Lines:
    """With one more item of a list, or entry of a mapping, at `index`, written as its neighbours are."""
    parent = nodes.at(path)
    known = children(parent)
    if not isinstance(parent, yaml.CollectionNode):
        raise CannotEdit("it is not where it was.")
    if parent.flow_style or not known:
        written = inline(value)[1:-1] if isinstance(parent, yaml.MappingNode) else inline(value)
        if index < len(known):
            mark = known[index][1].start_mark
            return _replaced(nodes, mark, mark, f"{written}, ")
        mark = known[-1][1].end_mark if known else parent.end_mark
        return _replaced_at(nodes, mark.line, mark.column - (not known), f", {written}" if known else written)
    is_list = isinstance(parent, yaml.SequenceNode)
    column = parent.start_mark.column
    new = _entry(nodes, column, [value] if is_list else value)
    gap = [""] if is_list and _airy(nodes, path, known, value) else []
    if index < len(known):
        first, _ = nodes.extent((*path, known[index][0]))
        return [*nodes.lines[:first], *new, *gap, *nodes.lines[first:]]
    end = nodes.last_line(parent) + 1
    return [*nodes.lines[:end], *gap, *new, *nodes.lines[end:]]


def _airy(nodes: Nodes, path: Path, known: list[Any], value: Any) -> bool:
    """Whether a blank line stands between the items of a list: as it does now, else between large ones."""
    if len(known) > 1:
        return not nodes.lines[nodes.extent((*path, 1))[0] - 1].strip()
    return isinstance(value, dict) and any(isinstance(part, dict) for part in value.values())


def _dropped_lines(nodes: Nodes, path: Path) -> Lines:
    parent = nodes.at(path[:-1])
    if (
        isinstance(parent, yaml.MappingNode)
        and len(parent.value) > 1
        and parent.value[0][0].value == path[-1]
    ):
        return _dropped_first(nodes, parent)
    first, last = nodes.extent(path)
    end = last + 1
    while end < len(nodes.lines) - 1 and not nodes.lines[end].strip():
        end += 1
    # At the end of its list an item leaves the distance to what follows; elsewhere its own goes along.
    ends = isinstance(parent, yaml.CollectionNode) and nodes.last_line(parent) == last
    start = first
    while ends and start and not nodes.lines[start - 1].strip():
        start -= 1
    return _spliced(nodes, start if ends else first, last if ends else end - 1, [])


def _dropped_first(nodes: Nodes, parent: yaml.MappingNode) -> Lines:
    """The first entry of a mapping may share its line with the dash of the list it stands in."""
    (key, value), (following, _) = parent.value[:2]
    line, column = key.start_mark.line, key.start_mark.column
    before = nodes.lines[line][:column]
    if not before.strip():
        first = line
        return _spliced(nodes, first, nodes.last_line(value), [])
    start = following.start_mark.line
    kept = before + nodes.lines[start][column:]
    return [*nodes.lines[:line], kept, *nodes.lines[start + 1 :]]


def _dropped_between_commas(nodes: Nodes, path: Path) -> Lines:
    parent = nodes.at(path[:-1])
    spans = _spans(parent)
    index = next((n for n, (key, _) in enumerate(children(parent)) if key == path[-1]), None)
    if index is None:
        raise CannotEdit("it is not where it was.")
    start, end = spans[index]
    if index + 1 < len(spans):
        end = spans[index + 1][0]
    elif index:
        start = spans[index - 1][1]
    return _replaced(nodes, start, end, "")


def _spans(parent: yaml.Node | None) -> list[tuple[yaml.Mark, yaml.Mark]]:
    """Where each part of a collection begins and ends, its key included."""
    if isinstance(parent, yaml.MappingNode):
        return [(key.start_mark, value.end_mark) for key, value in parent.value]
    return [(node.start_mark, node.end_mark) for _, node in children(parent)]


def _swapped(nodes: Nodes, path: Path, one: int, other: int) -> Lines:
    lines = nodes.lines
    (a, b), (c, d) = nodes.extent((*path, one)), nodes.extent((*path, other))
    return [*lines[:a], *lines[c : d + 1], *lines[b + 1 : c], *lines[a : b + 1], *lines[d + 1 :]]


def _swapped_between_commas(nodes: Nodes, path: Path, one: int, other: int) -> Lines:
    spans = _spans(nodes.at(path))
    if any(start.line != end.line for start, end in (spans[one], spans[other])):
        raise CannotEdit("it spans several lines.")
    first, second = (nodes.lines[s.line][s.column : e.column] for s, e in (spans[one], spans[other]))
    later = _replaced(nodes, *spans[other], first)
    line, (start, end) = spans[one][0].line, spans[one]
    later[line] = later[line][: start.column] + second + later[line][end.column :]
    return later


def _replaced(nodes: Nodes, start: yaml.Mark, end: yaml.Mark, new: str) -> Lines:
    """With `new` in place of a stretch; one over several lines that holds a comment is left alone."""
    if start.line != end.line and any("#" in line for line in nodes.lines[start.line : end.line + 1]):
        raise CannotEdit("a comment stands within it.")
    first, last = nodes.lines[start.line], nodes.lines[end.line]
    return _spliced(nodes, start.line, end.line, [first[: start.column] + new + last[end.column :]])


def _replaced_at(nodes: Nodes, line: int, column: int, new: str) -> Lines:
    text = nodes.lines[line]
    return _spliced(nodes, line, line, [text[:column] + new + text[column:]])


def _spliced(nodes: Nodes, first: int, last: int, new: Lines) -> Lines:
    return [*nodes.lines[:first], *new, *nodes.lines[last + 1 :]]
