"""A measurement: a figure, its unit and the limit it is held to."""

import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Measurement:
    """One figure; smaller is better. Without a limit it is there to be known."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def within(self) -> bool:
        """Whether the limit holds."""
        return self.limit is None or self.value <= self.limit

    def row(self) -> dict[str, object]:
        """As it stands in results.json."""
        return {**asdict(self), "within": self.within}


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The median time of `work` over `rounds`, after one round that does not count."""
    work()
    times = []
    for _ in range(rounds):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return median(times)


def peak_megabytes() -> float:
    """The most memory this program has held.

    On Linux `ru_maxrss` survives exec: a small program started by a large one is told the large one's peak.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def peak_megabytes_of_children() -> float:
    """The most memory that any program this one has waited for has held."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
