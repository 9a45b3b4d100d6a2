"""How a value is written into a manifest: by the YAML library, laid out as our templates are."""

from typing import Any

import yaml

NEVER_WRAP = 2**31


class _Layout(yaml.SafeDumper):
    """Lists indented below their key, short lists on one line, several lines of text as a block."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _list(dumper: _Layout, items: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict | list) for item in items)
    return dumper.represent_sequence(
        "tag:yaml.org,2002:seq", items, flow_style=flat or dumper.default_flow_style
    )


def _text(dumper: _Layout, text: str) -> yaml.Node:
    lines = text.split("\n")
    plain = all(line.isprintable() for line in lines)
    style = None if plain and len(lines) == 1 else "|" if plain else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Layout.add_representer(list, _list)
_Layout.add_representer(str, _text)


def block(value: Any, column: int) -> list[str]:
    """The lines of a mapping or list that begins at `column`; the first comes without its indentation."""
    lines = _dump(value, flow=False).rstrip("\n").split("\n")
    return [lines[0], *(f"{' ' * column}{line}" if line else "" for line in lines[1:])]


def inline(value: Any) -> str:
    """A value on one line, fit to stand among commas and braces.

    >>> inline({"name": "place", "label": "Where, please"})
    "{name: place, label: 'Where, please'}"
    """
    return _dump([value], flow=True).rstrip("\n")[1:-1]


def _dump(value: Any, *, flow: bool) -> str:
    text: str = yaml.dump(
        value,
        Dumper=_Layout,
        sort_keys=False,
        allow_unicode=True,
        width=NEVER_WRAP,
        default_flow_style=flow,
    )
    return text
