"""Connections kept between accesses: each was signed in by one app and serves that app alone."""

import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

MOST = 20
KEEP_SECONDS = 50.0  # less than the server's idle_session_timeout, so that what is kept is alive


class Pool:
    """Idle connections of one process to one database, few in all, however many apps there are.

    A function serves one call at a time: what is kept are the connections of the last apps that called.
    """

    def __init__(self, most: int = MOST, now: Callable[[], float] = time.monotonic) -> None:
        """Keep at most `most`."""
        self._most, self._now, self._lock = most, now, Lock()
        self._idle: list[tuple[str, float, Connection[tuple[Any, ...]]]] = []

    def take(self, app_id: str) -> "Connection[tuple[Any, ...]] | None":
        """The connection this app used last, if one is kept; what idled too long is closed on the way."""
        with self._lock:
            self._close_idle()
            for index in reversed(range(len(self._idle))):
                if self._idle[index][0] == app_id:
                    return self._idle.pop(index)[2]
        return None

    def put(self, app_id: str, connection: "Connection[tuple[Any, ...]]") -> None:
        """Keep a connection for this app; the one unused for longest gives way."""
        with self._lock:
            self._idle.append((app_id, self._now(), connection))
            if len(self._idle) > self._most:
                self._idle.pop(0)[2].close()

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            while self._idle:
                self._idle.pop()[2].close()

    def __iter__(self) -> "Iterator[Connection[tuple[Any, ...]]]":
        """What is kept, the longest unused first."""
        return iter([connection for _, _, connection in self._idle])

    def __len__(self) -> int:
        return len(self._idle)

    def _close_idle(self) -> None:
        while self._idle and self._now() - self._idle[0][1] > KEEP_SECONDS:
            self._idle.pop(0)[2].close()
