"""A report as OSCAL assessment results, for the tools of auditors: https://pages.nist.gov/OSCAL.

One observation for each statement, one finding for each control. OSCAL knows satisfied and not-satisfied:
what is not evidenced is not satisfied, for the reason `other`, and says so in its remarks.
"""

import json
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from appguard.reports.assess import Assessed
from appguard.reports.checks import Outcome, State
from appguard.reports.report import Report
from appguard.reports.words.controls import said

OSCAL_VERSION = "1.1.3"
OURS = UUID("6f9d7a0e-6a5e-5c1b-9d55-3f0f6a4f2a11")
"""Under which our ids are derived: the same report gives the same ids."""
REASONS = {State.PASSED: "pass", State.FAILED: "fail", State.NOT_EVIDENCED: "other"}


def oscal_of(report: Report) -> bytes:
    """The document `assessment-results.json`."""
    return json.dumps({"assessment-results": _results(report)}, indent=1).encode()


def _results(report: Report) -> dict[str, Any]:
    made_at, figures = report.made_at.isoformat(), report.figures
    statements = {one.check: one for control in report.controls for one in control.evidence if not _own(one)}
    return {
        "uuid": _id(report, "assessment-results"),
        "metadata": {
            "title": f"{report.title} compliance report of AppGuard",
            "last-modified": made_at,
            "version": report.report_id,
            "oscal-version": OSCAL_VERSION,
            "links": [{"href": report.source, "rel": "reference", "text": report.title}],
        },
        "import-ap": {
            "href": "#",
            "remarks": "No plan stands apart: policies/controls.yaml says what is assessed, and how.",
        },
        "results": [
            {
                "uuid": _id(report, "result"),
                "title": report.title,
                "description": f"Computed from {figures.entries} entries of the ledger.",
                "start": figures.period.since.isoformat(),
                "end": figures.period.until.isoformat(),
                "reviewed-controls": {
                    "control-selections": [
                        {"include-controls": [{"control-id": _token(one.control)} for one in report.controls]}
                    ]
                },
                "observations": [
                    _observation(report, name, one) for name, one in _observed(report, statements)
                ],
                "findings": [_finding(report, control) for control in report.controls],
            }
        ],
    }


def _own(outcome: Outcome) -> bool:
    """Whether the statement is about one control alone."""
    return outcome.check == "rules-enforced"


def _observed(report: Report, shared: dict[str, Outcome]) -> Iterable[tuple[str, Outcome]]:
    yield from shared.items()
    for control in report.controls:
        yield from ((_name(control, one), one) for one in control.evidence if _own(one))


def _name(control: Assessed, outcome: Outcome) -> str:
    return f"{outcome.check} {control.control}" if _own(outcome) else outcome.check


def _observation(report: Report, name: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "uuid": _id(report, name),
        "title": outcome.title,
        "description": said(outcome),
        "methods": ["TEST"],
        "types": ["control-objective"],
        "relevant-evidence": [
            {
                "href": "report.json",
                "description": "The facts this was held against, with the ids of entries.",
            }
        ],
        "collected": report.made_at.isoformat(),
    }


def _finding(report: Report, control: Assessed) -> dict[str, Any]:
    state = "satisfied" if control.state is State.PASSED else "not-satisfied"
    return {
        "uuid": _id(report, f"finding {control.control}"),
        "title": f"{control.control} {control.title}",
        "description": f"{control.title}: {control.state}.",
        "target": {
            "type": "objective-id",
            "target-id": _token(control.control),
            "status": {"state": state, "reason": REASONS[control.state], "remarks": control.state.value},
        },
        **(
            {
                "related-observations": [
                    {"observation-uuid": _id(report, _name(control, one))} for one in control.evidence
                ]
            }
            if control.evidence
            else {}
        ),
    }


def _token(control: str) -> str:
    """A control's name as an OSCAL token: `AC-5` is `ac-5`, as NIST's catalogue has it."""
    return re.sub(r"[^a-z0-9._-]", "-", control.lower())


def _id(report: Report, name: str) -> str:
    """A version-5 id out of names: OSCAL asks for ids that stay when a document is written again."""
    return str(uuid5(OURS, f"{report.report_id} {report.made_at.isoformat()} {name}"))
