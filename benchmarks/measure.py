"""A measurement: a figure, its unit and the limit it is held to."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
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
