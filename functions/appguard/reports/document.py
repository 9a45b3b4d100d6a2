"""A report in words and tables, before it becomes a page, a PDF or a workbook."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from appguard.kernel.record import Record

SHOWN, MOST_BAD = 100, 1000
"""Rows of a table on the page, and of those that are bad; the annex has all of them."""

Cell = str | int


class Tone(StrEnum):
    """What a row or a bar is about: how it is coloured, and always said in words beside."""

    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"
    PLAIN = "plain"


class Row(Record):
    """One line of a table."""

    cells: tuple[Cell, ...]
    tone: Tone = Tone.PLAIN


class Table(Record):
    """A table and the annex that holds all of it."""

    name: str = Field(pattern=r"^[a-z-]+$")
    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    folded: bool = False
    """The numbers of a chart: on a page they unfold, on paper the annex holds them."""

    @property
    def shown(self) -> tuple[Row, ...]:
        """What a page shows: what is bad first, then the beginning of the rest."""
        bad = [row for row in self.rows if row.tone is Tone.BAD][:MOST_BAD]
        rest = [row for row in self.rows if row.tone is not Tone.BAD]
        return (*bad, *rest[: max(0, SHOWN - len(bad))])


class Bar(Record):
    """One bar: parts of a whole, each with its tone and what it counts."""

    label: str
    parts: tuple[tuple[Tone, str, int], ...]
    figure: str = ""
    """What stands behind the bar in place of its length."""

    @property
    def total(self) -> int:
        """The length of the bar."""
        return sum(count for _, _, count in self.parts)


class Chart(Record):
    """Bars under one title; `description` says in a sentence what they show."""

    title: str
    description: str
    bars: tuple[Bar, ...]
    upright: bool = False
    """Days stand beside each other; everything else lies, its label in front."""


class Section(Record):
    """One chapter."""

    title: str
    prose: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


class Document(Record):
    """The whole report for people."""

    report_id: str
    title: str
    period: str
    made_at: AwareDatetime
    verdict: str
    counts: tuple[tuple[Tone, str, int], ...]
    failures: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Control, title, and what speaks against it."""
    sections: tuple[Section, ...]
    limits: tuple[str, ...]
    """What the report cannot say."""

    def tables(self) -> list[Table]:
        """Every table, in its order."""
        return [table for section in self.sections for table in section.tables]
