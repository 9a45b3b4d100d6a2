"""A report as one page without scripts or outside resources, so that it reads the same in seven years."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from appguard.reports.charts import svg
from appguard.reports.document import Document

if TYPE_CHECKING:
    from jinja2 import Template


def html_of(document: Document) -> bytes:
    """The page; everything in it that came from outside is escaped."""
    return _template().render(document=document).encode()


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow to import
    from markupsafe import Markup  # noqa: PLC0415 - comes with it

    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["svg"] = lambda chart: Markup(svg(chart))  # noqa: S704 - `svg` escapes every word
    return pages.get_template("report.html")
