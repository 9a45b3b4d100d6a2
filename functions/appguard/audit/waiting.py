"""How long entries wait for whoever follows the ledger: the age of the oldest one behind a position."""

from datetime import datetime

from pydantic import ValidationError

from appguard.audit.reader import Reader
from appguard.kernel.event import RetentionClass


def waiting(ledger: Reader, log: RetentionClass, position: int, now: datetime) -> float:
    """Seconds since the entry at `position` happened; 0 when there is none."""
    entry = ledger.entry(log, position)
    try:
        return max(0.0, (now - entry.event.timestamp).total_seconds()) if entry else 0.0
    except ValidationError:  # nobody can read it, and whoever follows passes over it
        return 0.0
