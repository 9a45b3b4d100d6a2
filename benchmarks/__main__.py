"""Run every benchmark, print a table, write benchmarks/results.json; fail when a limit is broken."""

import json
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    broker,
    catalog,
    check,
    detection,
    imports,
    ledger,
    manifests,
    policies,
    pool,
    portal,
    reports,
    search,
    tables,
    verifier,
)
from benchmarks.measure import Measurement

SUITES = (
    imports,
    manifests,
    policies,
    check,
    ledger,
    search,
    verifier,
    reports,
    portal,
    catalog,
    detection,
    tables,
    broker,
    pool,
)
RESULTS = Path(__file__).with_name("results.json")


def main() -> int:
    """Exit status 0 when every limit holds."""
    found: list[Measurement] = []
    for suite in SUITES:
        found.extend(suite.measure())
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    RESULTS.write_text(json.dumps({**machine, "results": [each.row() for each in found]}, indent=2) + "\n")
    Console().print(_table(found))
    return 0 if all(each.within for each in found) else 1


def _table(found: list[Measurement]) -> Table:
    table = Table("what", "measured", "limit", "")
    for each in found:
        verdict = "[green]within[/]" if each.within else "[red]broken[/]"
        limit = "" if each.limit is None else f"{each.limit:g} {each.unit}"
        table.add_row(each.name, f"{each.value:g} {each.unit}", limit, verdict)
    return table


if __name__ == "__main__":
    sys.exit(main())
