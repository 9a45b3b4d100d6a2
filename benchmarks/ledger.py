"""The ledger without I/O to AWS: appending entries."""

import time
from collections.abc import Callable
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appguard.audit.checkpoint import Signer, checkpoint
from appguard.audit.tiles import Tiles
from appguard.kernel.event import RetentionClass
from appguard.kernel.ids import EventId
from benchmarks.measure import Measurement

ENTRIES = 200_000
A_CHECKPOINT_EVERY = 5_000
LOG = RetentionClass.THREE_YEARS
T = TypeVar("T")


def measure() -> list[Measurement]:
    """Rates of processor time, scaled to the sizes the limits speak of."""
    private = Ed25519PrivateKey.generate()
    signer = Signer(private.public_key().public_bytes_raw(), private.sign)
    _, writing = timed(lambda: written(signer))
    return [
        Measurement("ledger: seconds for 10,000 entries", round(writing * 10_000 / ENTRIES, 3), "s", 1),
    ]


def written(signer: Signer) -> dict[str, bytes]:
    """The objects of a log of `ENTRIES`, as the sequencer makes them."""
    tiles, objects = Tiles(), {}
    for n in range(1, ENTRIES + 1):
        objects.update(tiles.append(b'{"event_id":"%b","padding":"%300d"}' % (event_id(n - 1).encode(), n)))
        if n % A_CHECKPOINT_EVERY == 0:
            objects.update(tiles.partial())
            objects["checkpoint"] = checkpoint(f"bench/{LOG}", n, tiles.edge.root(), signer)
            objects[f"checkpoints/{n:020d}"] = objects["checkpoint"]
    return objects


def event_id(n: int) -> EventId:
    """A distinct id."""
    return EventId(f"evt-{n:032x}")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result of `work`, and the processor seconds it took."""
    start = time.process_time()
    return work(), time.process_time() - start
