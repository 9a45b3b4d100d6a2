"""How a report is shown: to people, to programs, to code hosts and to CI."""

from collections.abc import Callable
from pathlib import Path

from appguard.cli.output import as_json, junit, sarif, text
from appguard.gates.model import Report

FORMATS: dict[str, Callable[[Report, Path], str]] = {
    "text": text.render,
    "json": as_json.render,
    "sarif": sarif.render,
    "junit": junit.render,
}


def render(report: Report, format_: str, folder: Path, *, colour: bool) -> str:
    """The report in one of `FORMATS`; only text knows colour."""
    if format_ == "text":
        return text.render(report, folder, colour=colour)
    return FORMATS[format_](report, folder)
