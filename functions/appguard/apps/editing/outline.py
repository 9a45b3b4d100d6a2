"""The manifest as a form shows it: rows to open, move and remove. It shows what is there, right or wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from appguard.apps.editing.controls import KIND_WORDS, Control, Kind, controls_of
from appguard.apps.editing.offers import Connectors, connector_of, query_of
from appguard.apps.editing.parameters import Given, call_key, call_of, given, operation_of
from appguard.apps.editing.places import Placed
from appguard.apps.yaml_path import dotted
from appguard.apps.yaml_source import Path
from appguard.kernel.finding import Finding
from appguard.kernel.levels import DataClass

ABOUT = {"metadata": "Name and team", "intent": "Purpose and users", "lifecycle": "How long it lives"}


class Row(NamedTuple):
    """One thing of the app: what it is called, what it is, what was found about it."""

    path: str
    title: str
    note: str
    data_class: DataClass | None
    findings: tuple[Finding, ...]
    first: bool = True
    last: bool = True

    @property
    def id(self) -> str:
        """Its path as it may stand in selectors."""
        return selector(self.path)


class PageRows(NamedTuple):
    """A page with what it calls and what stands on it."""

    row: Row
    kind: str
    calls: Row | None
    items: tuple[Row, ...]
    offered: tuple[Row, ...]


class Filled(NamedTuple):
    """A control with what stands there and what was found about it."""

    control: Control
    value: str
    options: tuple[str, ...]
    findings: tuple[Finding, ...]


class Opened(NamedTuple):
    """The one part whose controls are shown."""

    path: str
    filled: tuple[Filled, ...]
    findings: tuple[Finding, ...]
    given: tuple[Given, ...]
    formula: str | None
    form: bool


class Outline(NamedTuple):
    """Everything the form shows of a manifest."""

    about: tuple[Row, ...]
    data: tuple[tuple[Row, tuple[Row, ...]], ...]
    pages: tuple[PageRows, ...]
    examples: tuple[Row, ...]
    opened: Opened | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """What can be opened, from top to bottom."""
        return (*self.about, *(row for page in self.pages for row in (page.row, *page.items)))


def outline(value: Any, found: Sequence[Placed], connectors: Connectors, opened: Path = ()) -> Outline:
    """What the form shows of a manifest's values, whatever they are."""
    top = value if isinstance(value, dict) else {}
    return Outline(
        about=tuple(_row((key,), {"name": title}, found) for key, title in ABOUT.items()),
        data=tuple(_data(top, found, connectors)),
        pages=tuple(_pages(top, found, connectors)),
        examples=tuple(_rows(("tests",), top, found)),
        opened=_opened(top, found, connectors, opened),
    )


def part(value: Any, path: Path) -> Any:
    """What stands at a path, None where there is nothing."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def selector(path: str) -> str:
    """A dotted key with nothing in it that means something in a selector.

    >>> selector("pages[0].fields[1]")
    'pages-0-fields-1'
    """
    return "-".join(re.findall(r"\w+", path))


def _within(found: Sequence[Placed], path: Path) -> tuple[Finding, ...]:
    return tuple(each.finding for each in found if each.within(path))


def _row(path: Path, item: Any, found: Sequence[Placed], among: int = 1, **about: Any) -> Row:
    says = item if isinstance(item, dict) else {"name": item}
    title = next((says[key] for key in ("label", "title", "name", "id") if says.get(key)), "(no name yet)")
    position = path[-1] if isinstance(path[-1], int) else 0
    facts = {"note": "", "data_class": None, **about}
    return Row(
        dotted(path),
        str(title),
        findings=_within(found, path),
        first=position == 0,
        last=position == among - 1,
        **facts,
    )


def _rows(path: Path, top: Any, found: Sequence[Placed]) -> Iterator[Row]:
    items = part(top, path)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        yield _row((*path, index), item, found, len(items))


def _data(top: Any, found: Sequence[Placed], connectors: Connectors) -> Iterator[tuple[Row, tuple[Row, ...]]]:
    uses = part(top, ("connectors",))
    for index, use in enumerate(uses if isinstance(uses, list) else ()):
        at: Path = ("connectors", index)
        name = part(use, ("name",))
        known = connector_of(connectors, name)
        asked = [
            _operation((*at, plural, n), operation, operations, found)
            for plural, operations in (
                ("queries", known.queries if known else {}),
                ("commands", known.commands if known else {}),
            )
            for n, operation in enumerate(part(use, (plural,)) or ())
            if isinstance(part(use, (plural,)), list)
        ]
        owner = known.owner if known else ""
        yield _row(at, known.title if known else name, found, len(uses), note=owner), tuple(asked)


def _operation(path: Path, name: Any, operations: Mapping[str, Any], found: Sequence[Placed]) -> Row:
    operation = operations.get(name) if isinstance(name, str) else None
    verb = "reads" if path[-2] == "queries" else "writes"
    title = operation.title if operation else name
    return _row(path, title, found, note=verb, data_class=operation.highest if operation else None)


def _pages(top: Any, found: Sequence[Placed], connectors: Connectors) -> Iterator[PageRows]:
    pages = part(top, ("pages",))
    for index, page in enumerate(pages if isinstance(pages, list) else ()):
        at: Path = ("pages", index)
        says = page if isinstance(page, dict) else {}
        items, offered = _items(says, at, found, connectors)
        yield PageRows(
            row=_row(at, page, found, len(pages)),
            kind=str(says.get("type", "")),
            calls=_calls(says, at, found, connectors),
            items=tuple(items),
            offered=tuple(offered),
        )


def _calls(page: Mapping[str, Any], at: Path, found: Sequence[Placed], connectors: Connectors) -> Row | None:
    operation, called = operation_of(page, connectors), call_of(page)
    if operation is None:
        return None
    source = connector_of(connectors, called["connector"])
    about = {"note": source.title if source else "", "data_class": operation.highest}
    return _row((*at, call_key(page)), {"name": operation.title}, found, **about)


def _items(
    page: Mapping[str, Any], at: Path, found: Sequence[Placed], connectors: Connectors
) -> tuple[list[Row], list[Row]]:
    """A form's fields, or a table's columns and those it could show as well."""
    if page.get("type") != "table":
        fields = part(page, ("fields",))
        many = len(fields) if isinstance(fields, list) else 0
        listed = enumerate(fields if isinstance(fields, list) else ())
        return [_row((*at, "fields", n), item, found, many, note=_kind(item)) for n, item in listed], []
    called = call_of(page)
    query = query_of(connectors, called.get("connector"), called.get("query"))
    known = {column.name: column for column in query.columns} if query else {}
    columns = part(page, ("columns",))
    shown = columns if isinstance(columns, list) else []
    rows = []
    for n, item in enumerate(shown):
        column = known.get(str(part(item, ("name",))))
        label = part(item, ("label",)) or (column.label if column else part(item, ("name",)))
        about = {"data_class": column.class_ if column else None}
        rows.append(_row((*at, "columns", n), {"label": label}, found, len(shown), **about))
    names = {part(item, ("name",)) for item in shown}
    more = [
        Row(name, column.label, "", column.class_, ()) for name, column in known.items() if name not in names
    ]
    return rows, more


def _kind(field: Any) -> str:
    said = KIND_WORDS.get(str(part(field, ("type",))), "")
    must = ", must be filled in" if part(field, ("required",)) is True else ""
    return f"{said}{must}"


def _opened(top: Any, found: Sequence[Placed], connectors: Connectors, path: Path) -> Opened | None:
    value = part(top, path) if path else None
    if path and len(path) == 1 and value is None and path[0] in ABOUT:
        value = {}
    if not isinstance(value, dict):
        return None
    controls = controls_of(path, value)
    about = {(*path, control.key) for control in controls}
    is_page = len(path) == 2 and path[0] == "pages"  # noqa: PLR2004
    known = given(value, connectors) if is_page else None
    formula = call_of(value).get("mapping") if is_page and known is None else None
    return Opened(
        path=dotted(path),
        filled=tuple(_filled(control, value, path, top, found, connectors) for control in controls),
        findings=tuple(e.finding for e in found if e.within(path) and e.at[: len(path) + 1] not in about),
        given=tuple(known or ()),
        formula=formula if isinstance(formula, str) else None,
        form=value.get("type") == "form",
    )


def _filled(
    control: Control,
    value: Mapping[str, Any],
    path: Path,
    top: Any,
    found: Sequence[Placed],
    connectors: Connectors,
) -> Filled:
    chosen = control.key == "not_before" or (control.key == "name" and "columns" in path)
    return Filled(
        control._replace(kind=Kind.CHOICE) if chosen else control,
        shown(control, value.get(control.key)),
        tuple(_options(control, value, path, top, connectors)),
        _within(found, (*path, control.key)),
    )


def _options(
    control: Control, value: Mapping[str, Any], path: Path, top: Any, connectors: Connectors
) -> Iterator[str]:
    """What may be chosen: what the model lists, else the days or columns there are."""
    now = value.get(control.key)
    page = part(top, path[:2])
    if control.key == "not_before":
        fields = part(page, ("fields",)) or ()
        days = [part(f, ("name",)) for f in fields if part(f, ("type",)) == "date"]
        yield from (str(day) for day in days if day not in (None, value.get("name")))
    elif control.key == "name" and "columns" in path:
        query = operation_of(page, connectors)
        names = [column.name for column in query.columns] if query else []
        yield from names
        if isinstance(now, str) and now not in names:
            yield now
    else:
        yield from control.options
        if control.kind is Kind.CHOICE and isinstance(now, str) and now not in control.options:
            yield now


def shown(control: Control, value: Any) -> str:
    """What stands in a control for a value; `yes` ticks a box."""
    if value is None:
        return ""
    if control.kind is Kind.SWITCH:
        return "yes" if value is True else ""
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return str(value)
