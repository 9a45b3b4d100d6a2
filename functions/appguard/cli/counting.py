"""How far a long piece of work is, for people at a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """Show a growing number on stderr, once a second; nothing where stderr is no terminal."""
    told = monotonic()

    def tell(number: int) -> None:
        nonlocal told
        if sys.stderr.isatty() and monotonic() - told > 1:
            told = monotonic()
            sys.stderr.write(f"{number:,} {what} …\r")
            sys.stderr.flush()

    yield tell
