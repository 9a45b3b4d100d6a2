"""The pages as HTML: a pure function of the app's definition and the facts to show."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import JsonValue

from appguard.kernel.person import Person
from appguard.runtime import fields
from appguard.runtime.forms import Problem
from appguard.runtime.model import MicroApp
from appguard.runtime.pages import FormField, FormPage, TablePage
from appguard.runtime.tables import View
from appguard.runtime.words import cell

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Frame:
    """What surrounds every page: the app, where it lives, who is looking."""

    app: MicroApp
    base: str = ""
    person: Person | None = None
    csrf: str = ""
    preview: bool = False

    def url(self, path: str) -> str:
        """An address below the app; in a preview nothing leads anywhere."""
        return "#" if self.preview else self.base + path


@dataclass(frozen=True)
class Link:
    """A way on from a page."""

    label: str
    path: str


@dataclass(frozen=True)
class Notice:
    """Something that happened, in plain words, with what to do about it."""

    title: str
    message: str
    advice: str = ""
    tone: Literal["bad", "good", "info"] = "bad"
    code: str = ""
    trace_id: str = ""
    links: tuple[Link, ...] = (Link("Back to the start", "/"),)


@dataclass(frozen=True)
class Sheet:
    """A form as it stands: what was typed, what is wrong with it, what became of it."""

    submitted: Mapping[str, str]
    problems: Sequence[Problem] = ()
    notice: Notice | None = None
    done: str = ""
    sent_parameters: Mapping[str, JsonValue] | None = None


def start(frame: Frame) -> str:
    """The app's start page: its pages as cards."""
    return _render("start.html", frame, title="Overview", here="")


def form(frame: Frame, page: FormPage, sheet: Sheet) -> str:
    """A form page."""
    receiver = f"{page.submit.connector} / {page.submit.command}"
    return _form(
        frame, page.id, page.title, page.help, page.fields, f"/pages/{page.id}", "Send", sheet, receiver
    )


def export(frame: Frame, page: TablePage, asked: Sequence[FormField], sheet: Sheet) -> str:
    """Ask what the file is for and which kind it should be, before it is made."""
    title, path = f"Export: {page.title}", f"/pages/{page.id}"
    help_ = "The file leaves this app. The purpose is recorded together with your name."
    return _form(frame, page.id, title, help_, asked, f"{path}/export", "Export", sheet, back=path)


def table(frame: Frame, page: TablePage, view: View) -> str:
    """A table page."""
    return _render(
        "table.html", frame, title=page.title, help=page.help, here=page.id, table=view, export=page.export
    )


def notice(frame: Frame, said: Notice, here: str = "-") -> str:
    """A page that says one thing."""
    return _render("notice.html", frame, here=here, **vars(said))


def _form(
    frame: Frame,
    here: str,
    title: str,
    help_: str,
    form_fields: Sequence[FormField],
    action: str,
    send: str,
    sheet: Sheet,
    receiver: str = "",
    back: str = "",
) -> str:
    wrong = {problem.field: problem.message for problem in sheet.problems}
    return _render(
        "form.html", frame, here=here, title=title, help=help_, form_fields=form_fields, action=action,
        send=send, wrong=wrong, receiver=receiver, back=back, **vars(sheet),
    )  # fmt: skip


def _render(template: str, frame: Frame, **facts: Any) -> str:
    return _templates().get_template(template).render(frame=frame, **facts)


@dataclass(frozen=True)
class Asset:
    """A static file; its name carries its digest, so that it may be kept forever."""

    name: str
    content_type: str
    text: str


def asset(name: str) -> Asset | None:
    """The file of that name, whatever version the name speaks of."""
    stem, _, rest = name.partition(".")
    return _assets().get(f"{stem}.{rest.rpartition('.')[2]}")


@cache
def _assets() -> dict[str, Asset]:
    kinds = {"app.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
    texts = {name: (HERE / "static" / name).read_text(encoding="utf-8") for name in kinds}
    return {name: Asset(_digested(name, text), kinds[name], text) for name, text in texts.items()}


def _digested(name: str, text: str) -> str:
    stem, _, suffix = name.partition(".")
    return f"{stem}.{hashlib.sha256(text.encode()).hexdigest()[:16]}.{suffix}"


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        auto_reload=False,
    )  # fmt: skip
    environment.globals |= {
        "cell": cell,
        "hint": fields.hint,
        "as_radios": fields.as_radios,
        "input_kind": fields.input_kind,
        "stylesheet": _assets()["app.css"],
        "icon": _assets()["icon.svg"],
    }
    return environment
