"""What notebooks, JSON and YAML say once their own escapes, line breaks and cell boundaries are undone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from appguard.gates.cells import joined

_DEEPEST = 60


def values(path: str, text: str) -> list[tuple[str, str]]:
    """Keys and values of a JSON or YAML file in their order; nothing for other files."""
    name = path.lower()
    if name.endswith((".yaml", ".yml")):
        return list(_yaml_values(text))
    if name.endswith((".json", ".ipynb")) or text[:1] in ("{", "["):
        return list(_json_values(text))
    return []


def said(told: list[tuple[str, str]]) -> str:
    """`key: value` a line."""
    return "\n".join(f"{key}: {value}" if key else value for key, value in told)


def spelled(told: list[tuple[str, str]]) -> str:
    """Values that ran over lines without their breaks, and what values next to each other spell."""
    broken = ("".join(value.split()) for _, value in told if len(value.split()) in range(2, 9))
    return "\n".join([*broken, *joined([value.strip() for _, value in told])])


def _json_values(text: str) -> Iterator[tuple[str, str]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from _walk(document, "", 0)


def _walk(node: object, key: str, depth: int) -> Iterator[tuple[str, str]]:
    """Strings with their keys. A list of strings is one text, as notebooks keep their lines."""
    if isinstance(node, str):
        yield key, node
    elif depth < _DEEPEST and isinstance(node, list):
        if node and all(isinstance(each, str) for each in node):
            yield key, "".join(node)
        for each in node:
            yield from _walk(each, "", depth + 1)
    elif depth < _DEEPEST and isinstance(node, dict):
        for name, value in node.items():
            yield from _walk(value, str(name), depth + 1)


@dataclass
class _Open:
    """A mapping or list being read; in a mapping, `key` waits for its value."""

    mapping: bool
    key: str | None = None


def _yaml_values(text: str) -> Iterator[tuple[str, str]]:
    """Scalars by their events: no object is built, no alias expanded."""
    within = [_Open(mapping=False)]
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            here = within[-1]
            if isinstance(event, yaml.ScalarEvent) and here.mapping and here.key is None:
                here.key = event.value
                continue
            if isinstance(event, yaml.ScalarEvent):
                yield here.key or "", event.value
            if isinstance(event, yaml.CollectionEndEvent):
                within.pop()
            elif isinstance(event, yaml.NodeEvent):
                here.key = "" if here.mapping and here.key is None else None
            if isinstance(event, yaml.CollectionStartEvent):
                within.append(_Open(mapping=isinstance(event, yaml.MappingStartEvent)))
    except (yaml.YAMLError, ValueError):
        return
