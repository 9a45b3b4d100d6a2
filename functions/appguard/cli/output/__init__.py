"""How a report is shown: to people, to programs, to code hosts and to CI."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from appguard.gates.model import Report
from appguard.kernel.finding import Finding

FORMATS = {"text": "text", "json": "as_json", "sarif": "sarif", "junit": "junit", "github": "github"}
"""Each format and its module, which is imported only when a report is shown in it."""


def render(report: Report, format_: str, folder: Path, *, colour: bool) -> str:
    """The report in one of `FORMATS`; only text knows colour."""
    module = import_module(f"appguard.cli.output.{FORMATS[format_]}")
    shown: str = (
        module.render(report, folder, colour=colour) if format_ == "text" else module.render(report, folder)
    )
    return shown


def render_findings(findings: Sequence[Finding], format_: str, *, colour: bool) -> str:
    """Findings about files of ours, which no report goes with, in one of `FORMATS` but junit."""
    module = import_module(f"appguard.cli.output.{FORMATS[format_]}")
    shown: str = (
        module.render_findings(findings, colour=colour)
        if format_ == "text"
        else module.render_findings(findings)
    )
    return shown
