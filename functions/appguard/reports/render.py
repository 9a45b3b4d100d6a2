"""A report for people and for programs."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from appguard.reports.model import Report

if TYPE_CHECKING:
    from jinja2 import Template


def html(report: Report) -> bytes:
    """One page without scripts or outside resources, so that it reads the same in seven years."""
    return _template().render(report=report).encode()


def machine_readable(report: Report) -> bytes:
    """The same as JSON."""
    return report.model_dump_json(indent=1).encode()


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    folder = Path(__file__).parent / "templates"
    page = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    return page.get_template("compliance.html")
