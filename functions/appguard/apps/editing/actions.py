"""What the buttons of the form do: each is one small change of the text, and says where to look next."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from appguard.apps.editing.edits import drop, insert, move, put
from appguard.apps.editing.entered import Form, entered
from appguard.apps.editing.nodes import Nodes
from appguard.apps.editing.offers import (
    Connectors,
    command_of,
    form_page,
    query_of,
    shown_first,
    source,
    table_page,
)
from appguard.apps.editing.outline import part
from appguard.apps.editing.parameters import call_of
from appguard.apps.yaml_path import steps
from appguard.apps.yaml_source import Path
from appguard.kernel.errors import Invalid

LAST = 1000


class Done(NamedTuple):
    """The text after a button was pressed, which part is open now, and one sentence about it."""

    text: str
    opened: Path
    said: str = ""
    focus: Path = ()
    """Which part a keyboard should be at."""


def act(text: str, form: Form, connectors: Connectors) -> Done:
    """Write what was entered, then do what the button `do` says; raises `CannotEdit` or `Invalid`."""
    opened = steps(form.get("opened", ""))
    text = entered(text, opened, form, connectors) if opened else text
    verb, _, key = form.get("do", "").partition(":")
    if verb in {"apply", ""}:
        return Done(text, opened)
    if (verb, key) == ("open", ""):
        return Done(text, (), focus=opened)
    deed = DEEDS.get(verb)
    if deed is None:
        raise Invalid("There is no such button")
    return deed(text, steps(key), _picked(form, verb, key), connectors)


def _picked(form: Form, verb: str, key: str) -> str:
    """What stands in the list beside the button."""
    return form.get(f"pick:{key}.{verb}s" if verb in {"field", "column"} else f"pick:{key}", "")


def _open(text: str, path: Path, _pick: str, _connectors: Connectors) -> Done:
    return Done(text, path, focus=path)


def _remove(text: str, path: Path, _pick: str, _connectors: Connectors) -> Done:
    page = part(Nodes(text).value, path) if _is_page(path) else None
    text = drop(text, path)
    if not isinstance(page, dict):
        return Done(text, (), "Removed.", focus=path[:-2])
    examples = part(Nodes(text).value, ("tests",))
    gone = [n for n, test in enumerate(examples or ()) if part(test, ("page",)) == page.get("id")]
    for index in reversed(gone):
        text = drop(text, ("tests", index))
    return Done(text, (), "Removed, and its examples with it." if gone else "Removed.", ("metadata",))


def _up(text: str, path: Path, _pick: str, _connectors: Connectors) -> Done:
    return _moved(text, path, _index(path) - 1)


def _down(text: str, path: Path, _pick: str, _connectors: Connectors) -> Done:
    return _moved(text, path, _index(path) + 1)


def _moved(text: str, path: Path, to: int) -> Done:
    return Done(move(text, path, to), (), focus=(*path[:-1], to))


def _add_field(text: str, path: Path, pick: str, _connectors: Connectors) -> Done:
    fields = part(Nodes(text).value, (*path, "fields")) or ()
    names = [str(part(field, ("name",))) for field in fields]
    field: dict[str, Any] = {"name": _free("field", names, "_"), "type": pick or "text", "label": "New field"}
    if pick == "choice":
        field["choices"] = ["First", "Second"]
    added = (*path, "fields", len(fields))
    return Done(insert(text, (*path, "fields"), LAST, field), added, focus=added)


def _add_column(text: str, path: Path, pick: str, _connectors: Connectors) -> Done:
    return Done(insert(text, (*path, "columns"), LAST, {"name": pick}), ())


def _add_table(text: str, _path: Path, pick: str, connectors: Connectors) -> Done:
    connector, name = _names(pick)
    query = query_of(connectors, connector, name)
    if query is None:
        raise Invalid("Choose what the table shows first")
    page = table_page(_page_id(text, query.title), connector, name, query)
    return _added(text, page, connector, "queries", name)


def _add_form(text: str, _path: Path, pick: str, connectors: Connectors) -> Done:
    connector, name = _names(pick)
    command = command_of(connectors, connector, name)
    if command is None:
        raise Invalid("Choose what the form sends first")
    page = form_page(_page_id(text, command.title), connector, name, command)
    return _added(text, page, connector, "commands", name)


def _added(text: str, page: Mapping[str, Any], connector: str, plural: str, name: str) -> Done:
    pages = part(Nodes(text).value, ("pages",)) or ()
    text = insert(_asked(text, connector, plural, name), ("pages",), LAST, dict(page))
    at: Path = ("pages", len(pages))
    return Done(text, at, f"The page “{page['title']}” was added, and what it needs asked for.", at)


def _call(text: str, path: Path, pick: str, connectors: Connectors) -> Done:
    """A page calls something else: a table gets that query's columns, a form keeps its fields."""
    connector, name = _names(pick)
    page = part(Nodes(text).value, path)
    query, command = query_of(connectors, connector, name), command_of(connectors, connector, name)
    if not isinstance(page, dict) or (query if page.get("type") == "table" else command) is None:
        raise Invalid("Choose what the page calls first")
    before = call_of(page)
    if query and page.get("type") == "table":
        text = put(text, (*path, "source"), source(connector, name, query))
        text = put(text, (*path, "columns"), [{"name": column.name} for column in shown_first(query)])
        plural = "queries"
    else:
        text = put(text, (*path, "submit"), {"connector": connector, "command": name})
        plural = "commands"
    text = _no_longer(text, before, plural)
    return Done(
        _asked(text, connector, plural, name), path, "The page now uses this, and the app asks for it."
    )


def _asked(text: str, connector: str, plural: str, name: str) -> str:
    """The app asks for this query or command, if it did not yet."""
    uses = part(Nodes(text).value, ("connectors",)) or ()
    index = next((n for n, use in enumerate(uses) if part(use, ("name",)) == connector), None)
    if index is None:
        return insert(text, ("connectors",), LAST, {"name": connector, plural: [name]})
    if name in (part(uses[index], (plural,)) or ()):
        return text
    return insert(text, ("connectors", index, plural), LAST, name)


def _no_longer(text: str, called: Mapping[str, Any], plural: str) -> str:
    """Without asking for what the last page that called it calls no more."""
    value = Nodes(text).value
    calls = [call_of(page) for page in part(value, ("pages",)) or () if isinstance(page, dict)]
    name = called.get("query" if plural == "queries" else "command")
    same = [c for c in calls if c.get("connector") == called.get("connector") and name in c.values()]
    for index, use in enumerate(part(value, ("connectors",)) or ()):
        asked = part(use, (plural,))
        if part(use, ("name",)) == called.get("connector") and isinstance(asked, list) and name in asked:
            return text if same else drop(text, ("connectors", index, plural, asked.index(name)))
    return text


def _names(pick: str) -> tuple[str, str]:
    connector, _, name = pick.partition("/")
    return connector, name


def _page_id(text: str, title: str) -> str:
    taken = [str(part(page, ("id",))) for page in part(Nodes(text).value, ("pages",)) or ()]
    slug = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-0123456789")[:30].strip("-")
    return _free(slug or "page", taken, "-")


def _free(stem: str, taken: list[str], joint: str) -> str:
    """The name, with a number if another bears it already."""
    names = [stem, *(f"{stem}{joint}{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _index(path: Path) -> int:
    index = path[-1] if path else None
    if not isinstance(index, int):
        raise Invalid("There is no such button")
    return index


def _is_page(path: Path) -> bool:
    return len(path) == 2 and path[0] == "pages"  # noqa: PLR2004


DEEDS: Mapping[str, Callable[[str, Path, str, Connectors], Done]] = {
    "open": _open,
    "remove": _remove,
    "up": _up,
    "down": _down,
    "field": _add_field,
    "column": _add_column,
    "table": _add_table,
    "form": _add_form,
    "call": _call,
}
