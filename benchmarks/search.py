"""Searching a million entries: making the index, and what auditors ask most, without the way to S3."""

import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from appguard.audit.reader import Entry
from appguard.audit.search.fact import fact_of
from appguard.audit.search.filters import Filters
from appguard.audit.search.flow import TOLD, flow, wanted
from appguard.audit.search.saved import SAVED, SavedName
from appguard.audit.search.segments import WIDTH, Segment
from appguard.audit.search.table import Tables, write
from appguard.audit.search.walk import newest
from appguard.kernel.duck import duck
from appguard.kernel.event import RetentionClass
from benchmarks.measure import Measurement

SEGMENTS = 8
ENTRIES = SEGMENTS * WIDTH
LOG = RetentionClass.THREE_YEARS
BEGIN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
APPS, PEOPLE, PAGE = 1_000, 5_000, 26
OTHERS = {
    "an app": Filters(app="app-0077"),
    "a person": Filters(actor="person-04321"),
    "a month": Filters(since=BEGIN + timedelta(days=90), until=BEGIN + timedelta(days=120)),
    "a frequent word": Filters(text="query_7"),
    "a word nowhere": Filters(text="nowhere to be found"),
}


def measure() -> Iterator[Measurement]:
    """Processor time of all threads: what the one core of the function takes; the best of three rounds."""
    with TemporaryDirectory() as name:
        with ProcessPoolExecutor(2) as pool:
            made = list(pool.map(_segment, [name] * SEGMENTS, range(SEGMENTS)))
        size = sum(file.stat().st_size for file in Path(name).iterdir()) / ENTRIES
        each = sum(seconds for _, seconds in made) / ENTRIES * 1e6
        yield Measurement("search: indexing an entry", round(each, 1), "µs", 200)
        yield Measurement("search: size of an entry in the index", round(size), "bytes", 100)
        found = _Found(Path(name), [segment for segment, _ in made])
        for saved in SavedName:
            yield Measurement(
                f"search: 1,000,000 entries, saved query {saved}", found.saved(saved), "ms", 1000
            )
        for what, filters in OTHERS.items():
            yield Measurement(f"search: 1,000,000 entries, {what}", found.page(filters), "ms", 2000)
        yield Measurement("dashboard: a year of 1,000,000 entries", found.flow(), "ms", 1000)


class _Found:
    """Asks the index as the function does."""

    def __init__(self, folder: Path, segments: list[Segment]) -> None:
        self.paths = {one: str(folder / f"{one.start}.parquet") for one in segments}
        self.tables = Tables(duck(folder, threads=2))

    def saved(self, name: SavedName) -> int:
        if (standing := SAVED[name].standing) is None:
            return self.page(SAVED[name].filters)
        latest = lambda filters, per: self.tables.latest([*self.paths.values()], filters, per)  # noqa: E731
        return _milliseconds(lambda: standing(latest, NOW))

    def flow(self) -> int:
        paths = [*self.paths.values()]

        def figures() -> None:
            facts = (self.tables.facts(paths, filters, TOLD) for filters in wanted(BEGIN, NOW))
            flow([fact for some in facts for fact in some], BEGIN, NOW)

        return _milliseconds(figures)

    def page(self, filters: Filters) -> int:
        ask = lambda some: self.tables.newest([self.paths[one] for one in some], filters, None, PAGE)  # noqa: E731
        return _milliseconds(lambda: newest(self.paths, ask, [], None, PAGE, lambda: False))


def _milliseconds(work: Callable[[], object]) -> int:
    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return round(min(once() for _ in range(3)) * 1000)


def _segment(folder: str, number: int) -> tuple[Segment, float]:
    """One segment, and the processor time that making its rows and its file took."""
    chance = random.Random(number)
    bodies = [entry(chance, n) for n in range(number * WIDTH, (number + 1) * WIDTH)]
    started = time.process_time()
    facts = (fact_of(Entry(LOG, number * WIDTH + n, body)) for n, body in enumerate(bodies))
    oldest, latest = write(facts, Path(folder, f"{number * WIDTH}.parquet"))
    took = time.process_time() - started
    return Segment(LOG, number * WIDTH, (number + 1) * WIDTH, oldest, latest), took


def entry(chance: random.Random, n: int) -> bytes:
    """Entry number `n` of a company with a thousand apps: mostly data read, a little of everything else."""
    at = BEGIN + (NOW - BEGIN) * n / ENTRIES
    app = f"app-{int(APPS * chance.random() ** 2):04d}"
    person = f"person-{int(PEOPLE * chance.random() ** 2):05d}"
    event = {
        "schema": "appguard.audit/v1",
        "event_id": f"evt-{chance.getrandbits(128):032x}",
        "timestamp": at.isoformat(),
        "actor": {"id": person, "role": "employee"},
        "result": "success",
        "app_id": app,
        "bundle_digest": f"sha256:{sum(app.encode()):064x}",
        "trace_id": f"1-{chance.getrandbits(128):032x}",
        "retention_class": LOG.value,
        **_happening(chance, app, at),
    }
    return json.dumps(event).encode()


def _happening(chance: random.Random, app: str, at: datetime) -> dict[str, Any]:
    ends = (at + timedelta(days=chance.randrange(30, 365))).isoformat()
    fact = chance.choice(["exception.granted", "exception.granted", "exception.expired"])
    secret = f"appguard/logins/db-{chance.randrange(4)}/{app}"
    happenings = [
        _access(chance),
        _of("app.used", "app", app),
        _of("secret.rotated", "secret", secret),
        _of(chance.choice(["app.created", "app.published"]), "app", app),
        _of("review.checked", "review", f"rev-{chance.getrandbits(96):024x}", tier="low"),
        _of("approval.decided", "approval", f"apr-{chance.getrandbits(96):024x}", tier="high"),
        _of(fact, "exception", f"exc-{chance.randrange(4_000):024x}", expires_at=ends),
    ]
    return chance.choices(happenings, [860, 40, 50, 10, 30, 5, 5])[0]


def _access(chance: random.Random) -> dict[str, Any]:
    action = chance.choices(["data.read", "data.write", "data.exported"], [90, 8, 2])[0]
    classes = chance.choices([["internal"], ["internal", "personal"], ["personal", "special"]], [9, 9, 1])[0]
    connector, query = f"db-{chance.randrange(20)}", f"query_{chance.randrange(9)}"
    refused = {"result": "denied"} if chance.random() < 0.01 else {}
    tags = [f"{chance.getrandbits(96):024x}" for _ in range(3)]
    made = _of(action, "query", f"{connector}/{query}", classes=classes, rows=7, subjects=tags)
    return {**made, **refused}


def _of(action: str, kind: str, resource: str, **metadata: object) -> dict[str, Any]:
    return {"action": action, "resource": {"type": kind, "id": resource}, "metadata": metadata}
