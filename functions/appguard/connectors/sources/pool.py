"""A bounded number of connections; each was signed in by one app and serves that app alone.

`psycopg_pool` would need one pool for each login, hence no bound over all of them, and threads of its
own, which a function that is frozen between two calls does not run. There is little else to a pool.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from appguard.kernel.errors import Unavailable

if TYPE_CHECKING:
    from psycopg import Connection

MOST = 20
KEEP_SECONDS = 50.0  # less than the server's idle_session_timeout, so that what is kept is alive
LIVE_SECONDS = 180.0
"""No connection serves longer, however busy: the login it was opened with is remembered for five minutes,
and the shortest overlap after which that may be gone from the database is ten."""


class Pool:
    """The connections of one process to one database, at most `most` however many apps and callers.

    Whoever finds all places taken waits in line: first come, first served.
    """

    def __init__(self, most: int = MOST, now: Callable[[], float] = time.monotonic) -> None:
        """Use and keep at most `most` together."""
        self._most, self._now, self._lock = most, now, Lock()
        self._idle: list[tuple[str, float, Connection[tuple[Any, ...]]]] = []
        self._waiting: deque[Event] = deque()
        self._used = 0
        self._since: WeakKeyDictionary[Connection[tuple[Any, ...]], float] = WeakKeyDictionary()

    @contextmanager
    def place(self, patience: float) -> Iterator[None]:
        """One of the places; raises `Unavailable` when none gets free within `patience` seconds."""
        self._enter(patience)
        try:
            yield
        finally:
            self._leave()

    def take(self, app_id: str) -> "Connection[tuple[Any, ...]] | None":
        """The connection this app used last, if one is kept; without one, there is room to open it."""
        with self._lock:
            self._close_idle()
            for index in reversed(range(len(self._idle))):
                if self._idle[index][0] == app_id:
                    return self._idle.pop(index)[2]
            self._make_room()
        return None

    def put(self, app_id: str, connection: "Connection[tuple[Any, ...]]") -> None:
        """Keep a connection for this app, while its place is still taken; what served for long is closed."""
        with self._lock:
            now = self._now()
            if now - self._since.setdefault(connection, now) > LIVE_SECONDS:
                connection.close()
            else:
                self._idle.append((app_id, now, connection))

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

    def _enter(self, patience: float) -> None:
        with self._lock:
            if self._used < self._most:
                self._used += 1
                return
            turn = Event()
            self._waiting.append(turn)
        if turn.wait(patience):
            return
        with self._lock:
            if not turn.is_set():  # else it was handed over at the last moment
                self._waiting.remove(turn)
                raise Unavailable("the source is busy")

    def _leave(self) -> None:
        """Hand the place to whoever waits for longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._used -= 1

    def _close_idle(self) -> None:
        while self._idle and self._now() - self._idle[0][1] > KEEP_SECONDS:
            self._idle.pop(0)[2].close()

    def _make_room(self) -> None:
        """The connections unused for longest give way to one that is about to be opened."""
        while self._idle and self._used + len(self._idle) > self._most:
            self._idle.pop(0)[2].close()
