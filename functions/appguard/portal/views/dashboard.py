"""The platform dashboard: how fast apps come into use, what stops them, and how things stand."""

from collections.abc import Mapping
from datetime import date

from appguard.approvals.exceptions.exceptions import exceptions
from appguard.apps.catalog import catalog
from appguard.audit.search.asking import client_here, flow_of
from appguard.audit.search.flow import Flow
from appguard.audit.search.model import Flowing
from appguard.gates.review_policy import review_policy
from appguard.gates.rulebook import entries
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError
from appguard.policy.releases import releases
from appguard.portal import panels, render
from appguard.portal.http import Reply, Request
from appguard.portal.panels import Panel
from appguard.portal.period import Days
from appguard.reports.as_csv import csv_of
from appguard.reports.charts import svg

USUAL = 90
CHOICES = {30: "30 days", USUAL: "90 days", 365: "A year"}


def show(request: Request) -> Reply:
    """Figures of the days asked for. What the ledger cannot answer now is said; the rest is shown."""
    today, flow, problem = utc_now().date(), None, None
    days = Days.asked_by(request, today, USUAL)
    try:
        flow = _flow(days)
    except AppGuardError as error:
        problem = error
    return render.page(
        "dashboard.html",
        request,
        days=days,
        choices=_choices(days, today),
        flow=flow,
        panels=_panels(flow),
        problem=problem,
        svg=svg,
    )


def export(request: Request) -> Reply:
    """All figures as one table; no cell of it is a formula."""
    days = Days.asked_by(request, utc_now().date(), USUAL)
    flow = _flow(days)
    rows = [
        (panel.title, str(row[0]), head, value)
        for panel in _panels(flow)
        for row in panel.rows
        for head, value in zip(panel.heads[1:], row[1:], strict=True)
    ]
    rows += [("Findings by rule", one.rule, "Findings", one.findings) for one in flow.rules]
    rows += [("Seconds by stage", pace.stage, "Median", str(pace.median)) for pace in flow.paces]
    rows += [("Seconds by stage", pace.stage, "Nine of ten", str(pace.p90)) for pace in flow.paces]
    return Reply(
        csv_of(("About", "Of", "Figure", "Value"), rows),
        content_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="appguard-{days.first}-{days.last}.csv"'},
    )


def _flow(days: Days) -> Flow:
    return flow_of(client_here(), Flowing(since=days.since, until=days.until))


def _panels(flow: Flow | None) -> list[Panel]:
    of_period = list(panels.of_flow(flow, _titles())) if flow else []
    standing = panels.of_exceptions(exceptions().listed("open"), review_policy().exceptions, utc_now())
    return [*of_period, *panels.of_apps(catalog().cards()), standing]


def _titles() -> Mapping[str, str]:
    return {rule: entry.title for rule, entry in entries(releases().in_force()).items()}


def _choices(days: Days, today: date) -> list[tuple[str, Days, bool]]:
    offered = ((name, Days.up_to(today, count)) for count, name in CHOICES.items())
    return [(name, each, each == days) for name, each in offered]
