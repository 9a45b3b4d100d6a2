"""Lambda entry point of the sandbox for tests: a function that may do nothing runs what nobody trusts."""

from collections.abc import Mapping
from typing import Any

from appguard.runtime.trial.start import report_on


def run(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Run a bundle's tests and answer questions about its mappings."""
    return report_on({name: event[name] for name in ("files", "questions", "packages")})
