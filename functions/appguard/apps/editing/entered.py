"""What somebody entered into the controls of the opened part, written into the text."""

from collections.abc import Mapping
from typing import Any

from appguard.apps.editing.controls import Control, Kind, controls_of
from appguard.apps.editing.edits import drop, put
from appguard.apps.editing.nodes import Nodes
from appguard.apps.editing.offers import Connectors
from appguard.apps.editing.outline import part
from appguard.apps.editing.parameters import call_key, expression_of, given, mapped
from appguard.apps.yaml_source import Path

Form = Mapping[str, str]
NOW, WAS = "now.", "was."
"""Each control is sent with what stood in it before: only what somebody changed is written."""


def entered(text: str, path: Path, form: Form, connectors: Connectors) -> str:
    """The text with everything that was changed in the controls for `path`."""
    value = part(Nodes(text).value, path)
    value = {} if value is None else value
    if not isinstance(value, dict):
        return text
    for control in controls_of(path, value):
        if f"{NOW}{control.key}" not in form and control.kind is not Kind.SWITCH:
            continue
        now, was = (_clean(form.get(f"{when}{control.key}", ""), control) for when in (NOW, WAS))
        if f"{WAS}{control.key}" in form and now != was:
            text = _written(text, path, control, now)
    return _mapped(text, path, form, connectors)


def _written(text: str, path: Path, control: Control, said: str) -> str:
    at = (*path, control.key)
    if control.key == "type":
        return retyped(text, path, said)
    if not said and not control.required:
        return drop(text, at) if part(Nodes(text).value, at) is not None else text
    return put(text, at, _value(control, said))


def _value(control: Control, said: str) -> Any:
    """What was entered as the value it means; what cannot mean one stays text, and the checks say so."""
    match control.kind:
        case Kind.SWITCH:
            return said == "yes"
        case Kind.LIST:
            return [line.strip() for line in said.split("\n") if line.strip()]
        case Kind.NUMBER:
            return _number(said)
    return said


def _number(said: str) -> int | float | str:
    digits = said.removeprefix("-")
    if digits.isascii() and digits.isdecimal():
        return int(said)
    whole, point, rest = digits.partition(".")
    is_number = point and f"{whole}{rest}".isascii() and whole.isdecimal() and rest.isdecimal()
    return float(said) if is_number else said


def _clean(said: str, control: Control) -> str:
    said = said.replace("\r\n", "\n").strip()
    return said if control.kind in {Kind.LIST, Kind.TEXT} else " ".join(said.split())


def retyped(text: str, path: Path, kind: str) -> str:
    """A field of another kind: what the new kind does not know is dropped, what it needs is begun."""
    text = put(text, (*path, "type"), kind)
    value = part(Nodes(text).value, path)
    known = {control.key for control in controls_of(path, value)}
    for key in [key for key in value if key not in known] if known else []:
        text = drop(text, (*path, key))
    if "choices" in known and "choices" not in value:
        text = put(text, (*path, "choices"), ["First", "Second"])
    return text


def _mapped(text: str, path: Path, form: Form, connectors: Connectors) -> str:
    """With the parameters as they were chosen, if somebody chose others."""
    page = part(Nodes(text).value, path)
    if len(path) != 2 or path[0] != "pages" or not isinstance(page, dict):  # noqa: PLR2004 - a page
        return text
    at = (*path, call_key(page), "mapping")
    if f"{WAS}mapping" in form:
        said, was = (form.get(f"{when}mapping", "").replace("\r\n", "\n").strip() for when in (NOW, WAS))
        return text if said == was else put(text, at, said) if said else drop(text, at)
    known = given(page, connectors) or ()
    chosen = {
        one.name: expression_of(one, form[f"give.{one.name}"], form.get(f"say.{one.name}", ""))
        for one in known
        if f"give.{one.name}" in form
    }
    if all(chosen.get(one.name, one.expression) == form.get(f"gave.{one.name}") for one in known):
        return text
    expressions = {one.name: chosen.get(one.name, one.expression) for one in known}
    mapping = mapped(page, {name: said for name, said in expressions.items() if said})
    if mapping is None:
        return drop(text, at) if part(page, (call_key(page), "mapping")) else text
    return put(text, at, mapping)
