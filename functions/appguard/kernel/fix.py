"""A change to one file that a machine can make: which characters go, and what stands there instead."""

import hashlib
from collections.abc import Iterable
from itertools import accumulate

from pydantic import BaseModel, ConfigDict, Field

Span = tuple[int, int]


class Edit(BaseModel):
    """Replace what stands from a place up to another by `text`. Lines and columns count from 1."""

    model_config = ConfigDict(frozen=True)

    line: int = Field(ge=1)
    column: int = Field(ge=1)
    end_line: int = Field(ge=1)
    end_column: int = Field(ge=1)
    text: str


class Fix(BaseModel):
    """What to change in a file so that a finding is gone, with one sentence that says so."""

    model_config = ConfigDict(frozen=True)

    description: str
    path: str
    edits: tuple[Edit, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """Sixteen digits that stand for this very change; the portal's buttons carry them."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; raises `ValueError` where two of them meet."""
    wanted = sorted((*_span(text, edit), edit.text) for edit in edits)
    parts, done = [], 0
    for position, (start, end, new) in enumerate(wanted):
        if position and start <= wanted[position - 1][1]:
            raise ValueError("two edits meet")
        parts += [text[done:start], new]
        done = end
    return "".join((*parts, text[done:]))


def compatible(text: str, fixes: Iterable[Fix]) -> list[Fix]:
    """The fixes, first come first served, that do not meet one chosen before."""
    chosen: list[Fix] = []
    taken: list[Span] = []
    for fix in fixes:
        spans = [_span(text, edit) for edit in fix.edits]
        if all(end < first or start > last for start, end in spans for first, last in taken):
            chosen.append(fix)
            taken += spans
    return chosen


def _span(text: str, edit: Edit) -> Span:
    """Where the edit begins and ends, counted in characters from the start of the text."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    if max(edit.line, edit.end_line) >= len(starts):
        raise ValueError("an edit stands beyond the end of the text")
    start, end = starts[edit.line - 1] + edit.column - 1, starts[edit.end_line - 1] + edit.end_column - 1
    if not start <= end <= len(text):
        raise ValueError("an edit ends before it begins, or beyond the text")
    return start, end
