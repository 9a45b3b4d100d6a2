"""The whole report as a document."""

from appguard.reports.checks import State
from appguard.reports.document import Document
from appguard.reports.report import Report
from appguard.reports.words import apps, controls, data, ledger
from appguard.reports.words.dates import span


def write(report: Report) -> Document:
    """The report in words: what failed first, then controls, then the facts."""
    figures = report.figures
    return Document(
        report_id=report.report_id,
        title=f"{report.title} compliance report",
        period=span(figures.period),
        made_at=report.made_at,
        verdict=_verdict(report),
        counts=tuple((controls.TONES[state], state.value, report.count(state)) for state in State),
        failures=tuple(controls.failures(report)),
        sections=(
            controls.section(report),
            apps.inventory(figures),
            apps.releases(figures),
            data.exceptions(figures),
            data.access(figures),
            data.secrets(figures),
            ledger.ledger(figures),
            ledger.DRIFT,
        ),
        limits=ledger.limits(figures),
    )


def _verdict(report: Report) -> str:
    if failed := report.count(State.FAILED):
        return f"{failed} of {len(report.controls)} controls failed."
    missing = report.count(State.NOT_EVIDENCED)
    return f"No control failed; {missing} of {len(report.controls)} have no evidence in this period."
