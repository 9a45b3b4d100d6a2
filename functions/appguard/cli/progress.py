"""What a person at a terminal sees while the gates run: each gate, its state and its time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from appguard.gates.limits import SECONDS
from appguard.gates.runner import Tell

if TYPE_CHECKING:
    from rich.table import Table


@contextmanager
def watching() -> Iterator[Tell]:
    """Show the gates on stderr while the block runs; nothing where stderr is no terminal."""
    ended: dict[str, float] = {}

    def tell(gate: str, seconds: float) -> None:
        ended[gate] = seconds

    if not sys.stderr.isatty():
        yield tell
        return
    from rich.console import Console  # noqa: PLC0415 - only people at a terminal pay for it
    from rich.live import Live  # noqa: PLC0415

    started = monotonic()
    with Live(
        get_renderable=lambda: _table(ended, monotonic() - started),
        console=Console(stderr=True),
        refresh_per_second=10,
        transient=True,
    ):
        yield tell


def _table(ended: dict[str, float], elapsed: float) -> "Table":
    from rich.table import Table  # noqa: PLC0415

    table = Table.grid(padding=(0, 2))
    for gate in SECONDS:
        state = "[green]✓ done[/]" if gate in ended else "[yellow]… running[/]"
        table.add_row(state, gate, f"{ended.get(gate, elapsed):.1f} s")
    return table
