"""The auditor's own figures against those of a report: what its maker computed need not be believed."""

from collections.abc import Sequence
from pathlib import Path

from appguard.audit.verify import Key
from appguard.reports.compose import alarm_days
from appguard.reports.figures.compute import figures
from appguard.reports.history import read
from appguard.reports.ledger import check, events
from appguard.reports.model import Figures

OF_THE_MAKING = frozenset({"ledger"})
"""How long the logs were is of the moment a report was made, not of its period."""


def differing(claimed: Figures, export: Path, keys: Sequence[Key]) -> list[str]:
    """The sections in which the exported ledger says something else, or that it does not verify."""
    period, verified = claimed.period, check(export, list(keys))
    found = figures(read(events(export), period.until), verified, period, alarm_days())
    sections = set(Figures.model_fields) - OF_THE_MAKING
    differ = sorted(name for name in sections if getattr(claimed, name) != getattr(found, name))
    return [f"the ledger does not verify: {verified.bad}"] if verified.bad else differ
