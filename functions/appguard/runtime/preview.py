"""Entry point of the sandbox: the same pages over synthetic rows, with nothing sent and nothing saved."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from pydantic import Base64Bytes, BaseModel, ConfigDict, JsonValue, ValidationError

from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError
from appguard.runtime import hooks, tables, views
from appguard.runtime.examples import SOMEBODY, MadeUp, words
from appguard.runtime.hooks import Run
from appguard.runtime.logic.errors import LogicFailed
from appguard.runtime.made_up_rows import MadeUpRows
from appguard.runtime.mapping import MappingFailed
from appguard.runtime.model import MicroApp
from appguard.runtime.pages import FormPage, Page, functions
from appguard.runtime.refusal import BrokerRefused
from appguard.runtime.submission import submission
from appguard.runtime.views import Frame, Notice, Sheet

NO_ROWS = MadeUpRows(columns=(), rows=())


class Preview(BaseModel):
    """What to show: a page, synthetic rows for a table, or a submission of a form.

    `files` are the app's own code, `packages` the archive it imports from, `answers` the synthetic rows
    of what it may ask.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    definition: MicroApp
    page: str = ""
    rows: MadeUpRows | None = None
    values: dict[str, str] | None = None
    files: dict[str, Base64Bytes] = {}
    packages: dict[str, str] | None = None
    answers: dict[str, MadeUpRows] = {}


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
    if isinstance(page, FormPage) and preview.values is None:
        return {"html": views.form(frame, page, Sheet({})), "errors": []}
    with _code(preview, page) as run:
        if isinstance(page, FormPage):
            return _tried(frame, page, preview.values or {}, run)
        # A table whose parameters cannot be made would fail for everybody: say so now.
        parameters = hooks.of_source(page.source, _words(), run)
        rows = (preview.rows or NO_ROWS).answering(parameters)
        return {"html": views.table(frame, page, tables.view(page, rows, 1)), "errors": []}


@contextmanager
def _code(preview: Preview, page: Page) -> Iterator[Run]:
    """The app's own code over made-up rows, in a process that ends with this preview."""
    if not functions(page):
        yield hooks.no_code
        return
    from appguard.runtime.logic.client import Logic  # noqa: PLC0415 - most pages call none
    from appguard.runtime.logic.start import Started  # noqa: PLC0415
    from appguard.runtime.trial.folder import furnished  # noqa: PLC0415
    from appguard.runtime.trial.packages import laid_out  # noqa: PLC0415

    with furnished(Path(gettempdir()), preview.files) as app:
        laid_out(preview.packages, app / "packages")
        started = Started(app, app / "packages")
        try:
            yield Logic(started).within(MadeUp(preview.answers).asking())
        finally:
            started.drop()


def _tried(frame: Frame, page: FormPage, values: dict[str, str], run: Run) -> dict[str, JsonValue]:
    """A submission checked and prepared as the real one would be, and then dropped."""
    try:
        made = submission(page, values, _words(), run)
    except MappingFailed as failed:
        return _broken(frame, page, values, "submit.mapping", failed.message)
    except LogicFailed as failed:
        return _broken(frame, page, values, "logic.py", failed.message)
    except BrokerRefused as refused:
        return _broken(frame, page, values, "logic.py", refused.refusal.message)
    if made.problems:
        errors: list[JsonValue] = [{"field": p.field, "message": p.message} for p in made.problems]
        return {"html": views.form(frame, page, Sheet(values, made.problems)), "errors": errors}
    sheet = Sheet({}, done=page.success, sent_parameters=made.parameters)
    return {"html": views.form(frame, page, sheet), "errors": [], "parameters": dict(made.parameters)}


def _broken(
    frame: Frame, page: FormPage, values: dict[str, str], where: str, message: str
) -> dict[str, JsonValue]:
    """What its author has to correct, on the form it belongs to."""
    said = Notice("This form does not work yet", message, f"Correct `{where}` of this app.")
    html = views.form(frame, page, Sheet(values, notice=said))
    return {"html": html, "errors": [{"field": where, "message": message}]}


def _words() -> dict[str, JsonValue]:
    return words(utc_now().date().isoformat())


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)
