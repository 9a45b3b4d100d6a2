"""What the broker adds to a query: over the same query through bare psycopg, in the same process.

- *Bare* is one prepared statement on a connection from a pool of the broker's own size. *Brokered* is all
  the broker does for it: role, token, grant, parameters, budget, the database in a transaction as the user,
  checks of the rows, masks, tags of the persons, the event, the answer's text.
- Each caller is a thread and asks both ways in turn, the first alternating. The figures are median and 99th
  percentile of the *difference* within such a pair, so that what else the machine does slows both.
- Callers pause for random times; together they ask `A_SECOND` pairs. Without pauses any number of callers
  above one would measure how they queue for one interpreter.
- All callers bring one person's token, as a page that asks several queries does: its signature is checked
  once a minute, its claims each time.
- Of three rounds the best counts, as others' work only ever adds. The same figure for bare against bare says
  how quiet the machine was: what it shows, nobody can measure below.
- Outbox and counters are in memory: the limit is about the broker's own work. What an outbox adds is told.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle, islice
from random import Random
from statistics import median, quantiles
from threading import Barrier

from appguard.audit.outbox import Outbox
from appguard.connectors.sources.postgresql import PostgresSource
from benchmarks.asking import InMemory, Work, asking, asking_bare, broker, source_of
from benchmarks.measure import Measurement, seconds
from infra.local.platform import up
from infra.local.story.ground import Ground
from tests.support.hr_database import hr_database

CALLERS, ROUNDS, PAIRS, WARM = (1, 10, 50), 3, 600, 3
A_SECOND = 200


def measure() -> Iterator[Measurement]:
    """What the broker adds to bare psycopg, by how many call at once."""
    with hr_database() as database, closing(source_of(database)) as source, asking_bare(database) as bare:
        ask = asking(broker(source, InMemory()))
        for callers in CALLERS:
            middle, slow = best(callers, bare, ask)
            yield Measurement(f"broker: added, {callers} at once, median", middle, "ms", 1.5)
            yield Measurement(f"broker: added, {callers} at once, 99th percentile", slow, "ms", 5)
        _, noise = best(max(CALLERS), bare, bare)
        yield Measurement("broker: bare over bare, 99th percentile", noise, "ms")
        yield with_a_real_outbox(source)


def best(callers: int, bare: Work, ask: Work) -> tuple[float, float]:
    """Median and 99th percentile of what asking adds, in milliseconds, each of its best round."""
    rounds = [added(callers, bare, ask) for _ in range(ROUNDS)]
    return min(_ms(median(each)) for each in rounds), min(_ms(_slowest(each)) for each in rounds)


def added(callers: int, bare: Work, ask: Work) -> list[float]:
    """By how many seconds asking took longer than the bare query beside it, for each pair of all callers."""
    start = Barrier(callers)
    with ThreadPoolExecutor(callers) as pool:
        runs = [pool.submit(in_turn, bare, ask, start, Random(number)) for number in range(callers)]
        return [difference for run in runs for difference in run.result()]


def in_turn(bare: Work, ask: Work, start: Barrier, chance: Random) -> list[float]:
    """The differences of one caller; connections are opened and statements prepared before all start."""
    for work in (bare, ask) * WARM:
        work()
    start.wait()
    differences = []
    for first, second, sign in islice(cycle(((bare, ask, 1), (ask, bare, -1))), PAIRS // start.parties):
        time.sleep(chance.expovariate(A_SECOND / start.parties))
        one, other = timed(first), timed(second)
        differences.append(sign * (other - one))
    return differences


def with_a_real_outbox(source: PostgresSource) -> Measurement:
    """A whole access with its event in the emulator's DynamoDB: to know, not to hold to a limit."""
    ground = Ground(up())
    ask = asking(broker(source, Outbox(ground.client("dynamodb"), ground.outputs["OutboxTable"])))
    return Measurement("broker: access with the emulator's outbox", _ms(seconds(ask, 50)), "ms")


def timed(work: Work) -> float:
    """Seconds it took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _slowest(times: list[float]) -> float:
    """The 99th percentile."""
    return quantiles(times, n=100)[98]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
