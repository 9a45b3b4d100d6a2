"""Reading the ledger without I/O to AWS: verifying a folder, checking a proof."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appguard.audit.checkpoint import Signer, checkpoint
from appguard.audit.reader import in_folder
from appguard.audit.tiles import Tiles
from appguard.audit.verify import Key, verify_log, verify_proof
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
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, body in written(signer).items():
            (folder / LOG / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / LOG / path).write_bytes(body)
        keys = [Key(signer.public_key)]
        _, verifying = timed(lambda: verify_log(folder / LOG, keys))
        proof = in_folder(folder).prove(event_id(ENTRIES // 2))
        _, proving = timed(lambda: verify_proof(proof, keys))
    million = 1_000_000 / ENTRIES
    return [
        Measurement("ledger: verifying 1,000,000 entries", round(verifying * million, 1), "s", 20),
        Measurement("ledger: checking one proof", round(proving * 1000, 2), "ms", 1),
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
