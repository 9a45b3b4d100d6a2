"""Showing a table, and giving it out as a file where manifest and broker allow that."""

import re

from pydantic import JsonValue

from appguard.kernel.errors import Forbidden
from appguard.runtime import hooks, tables, views
from appguard.runtime.fetch import Reply
from appguard.runtime.forms import check_fields
from appguard.runtime.pages import ChoiceField, LongTextField, TablePage
from appguard.runtime.refusal import BrokerRefused
from appguard.runtime.session import demand_own_form
from appguard.runtime.views import Link, Notice, Sheet
from appguard.runtime.visit import Visit
from appguard.runtime.web import Response

PURPOSE = LongTextField(
    type="long_text",
    name="purpose",
    label="What do you need the file for?",
    help="For example: planning the summer shifts of my team.",
    required=True,
    max_length=200,
)
FORMAT = ChoiceField(
    type="choice",
    name="format",
    label="Kind of file",
    required=True,
    choices=("Excel workbook", "CSV", "JSON"),
)
FORMS = {
    "Excel workbook": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "CSV": ("csv", "text/csv; charset=utf-8"),
    "JSON": ("json", "application/json"),
}
USUAL = "CSV"
LEDGER_ENTRY = re.compile(r"evt-[0-9a-f]{32}")
UNPROCESSABLE = 422
PAGE_NUMBER = re.compile(r"[0-9]{1,6}")


def show(visit: Visit, page: TablePage) -> Response:
    """One page of the rows this person may see."""
    rows = visit.broker.query(page.source, _parameters(visit, page), visit.session.id_token)
    asked = PAGE_NUMBER.fullmatch(visit.request.query.get("page", ""))
    view = tables.view(page, rows, int(asked[0]) if asked else 1)
    return Response(200, views.table(visit.frame, page, view))


def ask(visit: Visit, page: TablePage) -> Response:
    """Ask for kind of file and purpose of an export."""
    _demand_export(page)
    return Response(200, views.export(visit.frame, page, (FORMAT, PURPOSE), Sheet({"format": USUAL})))


def export(visit: Visit, page: TablePage) -> Response:
    """The file; or the broker's refusal with its remedy, as a page of its own."""
    _demand_export(page)
    form = visit.request.form()
    demand_own_form(visit.request, form, visit.session)
    checked = check_fields((FORMAT, PURPOSE), {"format": USUAL, **form})
    if checked.problems:
        sheet = Sheet(form, checked.problems)
        return Response(UNPROCESSABLE, views.export(visit.frame, page, (FORMAT, PURPOSE), sheet))
    ending, media_type = FORMS[str(checked.values["format"])]
    try:
        reply = visit.broker.export(
            page.source,
            _parameters(visit, page),
            ending,
            str(checked.values["purpose"]),
            visit.session.id_token,
        )
    except BrokerRefused as refused:
        if refused.unauthenticated:
            raise
        return Response(refused.status, _blocked(visit, page, refused))
    return _file(f"{visit.frame.app.app_id}-{page.id}", ending, media_type, reply)


def _file(name: str, ending: str, media_type: str, reply: Reply) -> Response:
    """The broker's very bytes, whose digest the ledger knows; the name says where in the ledger."""
    entry = LEDGER_ENTRY.fullmatch(reply.headers.get("x-appguard-ledger-entry", ""))
    whole = f"{name}-{entry[0]}.{ending}" if entry else f"{name}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{whole}"'}
    return Response(200, reply.body, media_type, headers)


def _blocked(visit: Visit, page: TablePage, refused: BrokerRefused) -> str:
    said = Notice(
        "This export is blocked",
        refused.refusal.message,
        refused.refusal.remediation,
        code=refused.refusal.code,
        trace_id=visit.request.trace_id,
        links=(Link("Back to the table", f"/pages/{page.id}"), Link("Start page", "/")),
    )
    return views.notice(visit.frame, said, here=page.id)


def _demand_export(page: TablePage) -> None:
    if not page.export:
        raise Forbidden("This table may not be exported.", "Ask the app's owner if you need it as a file.")


def _parameters(visit: Visit, page: TablePage) -> dict[str, JsonValue]:
    """Who asks is no parameter: that is the broker's to know."""
    return dict(hooks.of_source(page.source, visit.words, visit.run))
