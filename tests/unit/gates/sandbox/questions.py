"""A question that needs no more than a mapping."""

from appguard.gates.sandbox.model import SourceQuestion
from appguard.runtime.pages import QueryCall


def mapped(mapping: str) -> SourceQuestion:
    source = QueryCall(connector="hr-db", query="team_calendar", mapping=mapping)
    return SourceQuestion(source=source, today="2026-06-15")
