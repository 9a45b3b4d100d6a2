"""That no event is an entry twice, in any of the logs."""

import sqlite3
from collections.abc import Mapping

from .bad import Bad
from .log import Log
from .names import bundle_name

ID = 16


class Seen:
    """Every event's id in the order of logs and entries, in a nameless database on disk that ends with us."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE seen (event BLOB)")

    def add(self, ids: bytes) -> None:
        """Take in the events of the next bundle."""
        rows = ((ids[at : at + ID],) for at in range(0, len(ids), ID))
        self._db.executemany("INSERT INTO seen VALUES (?)", rows)

    def once(self, logs: Mapping[str, Log]) -> None:
        """Each event is one entry of one log; raises `Bad`."""
        twice = "SELECT event, max(rowid) FROM seen GROUP BY event HAVING count(*) > 1 ORDER BY 2 LIMIT 1"
        for event, row in self._db.execute(twice):
            entry = row - 1
            for name, log in logs.items():
                if entry < log.size:
                    again = f"duplicated: entry {entry}, evt-{event.hex()}, was an entry before"
                    raise Bad(f"{name}/{bundle_name(entry, log.size)}", again)
                entry -= log.size

    def close(self) -> None:
        """Forget everything."""
        self._db.close()
