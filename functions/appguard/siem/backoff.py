"""How long to wait before the same again: exponential, with full jitter, never less than was asked for."""

from collections.abc import Callable, Iterator

BASE, CAP = 0.5, 20.0
LONGEST_ASKED = 3600.0
"""What a destination asks for beyond this is not believed."""
ATTEMPTS = 6

Jitter = Callable[[float], float]
"""A random number between 0 and the given one."""


def pauses(jitter: Jitter) -> Iterator[float]:
    """One for each attempt after the first."""
    for attempt in range(ATTEMPTS - 1):
        yield jitter(min(CAP, BASE * 2**attempt))


def at_least(pause: float, asked: float | None) -> float:
    """The pause, or what the destination asked for if that is longer."""
    return max(pause, min(asked or 0.0, LONGEST_ASKED))
