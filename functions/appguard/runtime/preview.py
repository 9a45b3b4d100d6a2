"""Entry point of the sandbox: the same pages over synthetic rows, with nothing sent and nothing saved."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError
from appguard.runtime import mapping, tables, views
from appguard.runtime.broker_client import Rows
from appguard.runtime.examples import SOMEBODY, words
from appguard.runtime.forms import check
from appguard.runtime.model import MicroApp
from appguard.runtime.pages import FormPage, Page, TablePage
from appguard.runtime.views import Frame, Notice, Sheet

NO_ROWS = Rows(columns=(), rows=())


class Preview(BaseModel):
    """What to show: a page, synthetic rows for a table, or a submission of a form."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    definition: MicroApp
    page: str = ""
    rows: Rows | None = None
    values: dict[str, str] | None = None


def render(event: Mapping[str, Any], _context: object) -> dict[str, JsonValue]:
    """The page as one HTML document, with what is wrong or what a real submission would send."""
    try:
        preview = Preview.model_validate(event)
        return _shown(preview)
    except ValidationError as error:
        return {"errors": [{"field": _path(e["loc"]), "message": e["msg"]} for e in error.errors()]}
    except AppGuardError as error:
        return {"errors": [{"field": "", "message": error.message}]}


def _shown(preview: Preview) -> dict[str, JsonValue]:
    frame = Frame(preview.definition, person=SOMEBODY, preview=True)
    if not preview.page:
        return {"html": views.start(frame), "errors": []}
    page: Page = preview.definition.page(preview.page)
    if isinstance(page, TablePage):
        _parameters(page.source.mapping, _words())
        return {"html": views.table(frame, page, tables.view(page, preview.rows or NO_ROWS, 1)), "errors": []}
    if preview.values is None:
        return {"html": views.form(frame, page, Sheet({})), "errors": []}
    return _tried(frame, page, preview.values)


def _tried(frame: Frame, page: FormPage, values: dict[str, str]) -> dict[str, JsonValue]:
    """A submission checked and mapped as the real one would be, and then dropped."""
    checked = check(page, values)
    if checked.problems:
        errors: list[JsonValue] = [{"field": p.field, "message": p.message} for p in checked.problems]
        return {"html": views.form(frame, page, Sheet(values, checked.problems)), "errors": errors}
    try:
        parameters = mapping.parameters(page.submit.mapping, checked.given, **_words())
    except mapping.MappingFailed as failed:
        said = Notice("The mapping does not work", failed.message, "Correct `submit.mapping` of this page.")
        html = views.form(frame, page, Sheet(values, notice=said))
        return {"html": html, "errors": [{"field": "submit.mapping", "message": failed.message}]}
    sheet = Sheet({}, done=page.success, sent_parameters=parameters)
    return {"html": views.form(frame, page, sheet), "errors": [], "parameters": dict(parameters)}


def _parameters(expression: str | None, words: dict[str, JsonValue]) -> None:
    """A table whose mapping fails would fail for everybody: say so while the app is being made."""
    if expression:
        mapping.parameters(expression, words, **words)


def _words() -> dict[str, JsonValue]:
    return words(utc_now().date().isoformat())


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)
