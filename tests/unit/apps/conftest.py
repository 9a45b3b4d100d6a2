"""What a hostile input may cost."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

SECONDS = 2.0
BYTES = 48 * 1024 * 1024


@pytest.fixture
def cheap() -> Callable[[], AbstractContextManager[None]]:
    """Fails where the block takes two seconds or 48 MiB, however it ends."""

    @contextmanager
    def measured() -> Iterator[None]:
        tracemalloc.start()
        started = time.perf_counter()
        try:
            yield
        finally:
            elapsed, peak = time.perf_counter() - started, tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert elapsed < SECONDS
        assert peak < BYTES

    return measured
