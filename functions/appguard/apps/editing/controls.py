"""Which controls a form shows for a part of the manifest: read from the manifest's own model."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, get_args

from appguard.apps.manifest import Intent, LifecycleRules, Metadata
from appguard.apps.yaml_path import dotted
from appguard.apps.yaml_source import Path
from appguard.runtime.pages import FormField, FormPage, Part, TableColumn, TablePage

LINE = 200
"""Texts that may be longer than this get several lines."""


class Kind(StrEnum):
    """How something is entered."""

    LINE = "line"
    TEXT = "text"
    LIST = "list"
    CHOICE = "choice"
    SWITCH = "switch"
    NUMBER = "number"
    DAY = "day"


_KINDS = {"boolean": Kind.SWITCH, "integer": Kind.NUMBER, "number": Kind.NUMBER, "string": Kind.DAY}


class Control(NamedTuple):
    """One entry of a form: which key of the manifest it changes, and what people read about it."""

    key: str
    label: str
    hint: str
    kind: Kind
    required: bool
    options: tuple[str, ...] = ()
    longest: int | None = None
    default: str = ""


ORDER = ("title", "label", "type", "choices", "required")
"""What people think of first; the rest follows as the model has it, the short name last."""
LABELS: Mapping[str, str] = {
    "data_class": "Most sensitive data",
    "users": "Who may use it",
    "criticality": "How much depends on it",
    "name": "Short name",
    "Metadata.name": "Name",
    "TableColumn.name": "Column",
    "TableColumn.label": "Heading",
    "help": "Explanation",
    "required": "Must be filled in",
    "not_before": "Not before",
    "choices": "To choose from, one a line",
    "min_length": "Fewest characters",
    "max_length": "Most characters",
    "minimum": "Smallest",
    "maximum": "Largest",
    "earliest": "First day",
    "latest": "Last day",
    "success": "Thanks",
    "export": "May be taken away as a file",
    "type": "Kind",
    "decimals": "Digits after the point",
    "retire_after_months": "Asked whether it is still needed, after months",
    "idle_after_days": "Paused without use, after days",
    "retention": "Evidence is kept",
}
HINTS: Mapping[str, str] = {
    "choices": "What people may choose from.",
    "type": "What may be entered: text, a number, a day, one of a list.",
    "name": "What formulas call it; people do not see it.",
    "Metadata.name": "What colleagues call it.",
    "TableColumn.name": "Which column of the data.",
}
FIELD_KINDS: Mapping[str, type[Part]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind for kind in get_args(get_args(FormField)[0])
}
"""The kinds of form fields by the word that stands for them in the manifest."""
PAGE_KINDS: Mapping[str, type[Part]] = {"form": FormPage, "table": TablePage}
KIND_WORDS: Mapping[str, str] = {
    word: str(kind.model_fields["type"].description).rstrip(".") for word, kind in FIELD_KINDS.items()
}
PLAIN: Mapping[str, type[Part]] = {
    "metadata": Metadata,
    "intent": Intent,
    "lifecycle": LifecycleRules,
    "pages[].columns[]": TableColumn,
}
_INDEX = re.compile(r"\[\d+\]")
LEFT_TO_TEXT = frozenset({("metadata", "id"), ("metadata", "template"), ("pages", "id"), ("pages", "check")})
"""What code and addresses hang on; and `type` of a page, which is what the page is."""


def model_of(path: Path, value: Mapping[str, Any]) -> type[Part] | None:
    """The part of the manifest's model that describes the value at `path`, if a form can show it."""
    shape, kind = _INDEX.sub("[]", dotted(path)), str(value.get("type"))
    if shape == "pages[]":
        return PAGE_KINDS.get(kind)
    return FIELD_KINDS.get(kind) if shape == "pages[].fields[]" else PLAIN.get(shape)


def controls_of(path: Path, value: Mapping[str, Any]) -> tuple[Control, ...]:
    """The controls for the value at `path`, in the order of the model."""
    model = model_of(path, value)
    if model is None:
        return ()
    found = _controls(model)
    if len(path) == 2:  # noqa: PLR2004 - a page
        found = tuple(control for control in found if control.key != "type")
    return tuple(control for control in found if (path[0], control.key) not in LEFT_TO_TEXT or len(path) > 2)  # noqa: PLR2004


@cache
def _controls(model: type[Part]) -> tuple[Control, ...]:
    schema = model.model_json_schema()
    required = schema.get("required", ())
    found = (
        _control(model, key, about, schema.get("$defs", {}), required=key in required)
        for key, about in schema["properties"].items()
    )
    return tuple(sorted((control for control in found if control), key=_order))


def _order(control: Control) -> int:
    if control.key in ORDER:
        return ORDER.index(control.key)
    return len(ORDER) + (control.key == "name" and control.label == LABELS["name"])


def _control(
    model: type[Part], key: str, about: dict[str, Any], parts: dict[str, Any], *, required: bool
) -> Control | None:
    options = [about, parts.get(about.get("$ref", "").rpartition("/")[2], {}), *about.get("anyOf", ())]
    said: dict[str, Any] = {}
    for option in options:
        said = {**option, **said}
    kind = _kind(said)
    if kind is None:
        return None
    default, full = about.get("default"), f"{model.__name__}.{key}"
    return Control(
        key=key,
        label=LABELS.get(full) or LABELS.get(key) or key.replace("_", " ").capitalize(),
        hint=HINTS.get(full) or HINTS.get(key) or about.get("description", ""),
        kind=kind,
        required=required,
        options=tuple(FIELD_KINDS)
        if kind is Kind.CHOICE and "enum" not in said
        else tuple(said.get("enum", ())),
        longest=said.get("maxLength"),
        default="" if default is None or isinstance(default, bool) else str(default),
    )


def _kind(said: Mapping[str, Any]) -> Kind | None:
    """The kind of control for a value's schema; None for what has parts of its own."""
    if "enum" in said or "const" in said:
        return Kind.CHOICE
    if said.get("type") == "array":
        return Kind.LIST if said["items"].get("type") == "string" else None
    if said.get("type") == "string" and said.get("format") != "date":
        return Kind.TEXT if said.get("maxLength", 0) > LINE else Kind.LINE
    return _KINDS.get(str(said.get("type")))
