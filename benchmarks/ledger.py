"""Writing the ledger without I/O: what the sequencer computes for each event, against hashing alone."""

import hashlib
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appguard.audit.admission import admit
from appguard.audit.canonical import canonical
from appguard.audit.checkpoint import Signer, checkpoint
from appguard.audit.merkle import Edge, leaf_hash
from appguard.audit.store import BATCH_ENTRIES
from appguard.audit.tiles import Tiles, bundle, unbundle
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.ids import AppId, EventId
from benchmarks.measure import Measurement

ENTRIES = 50_000
A_DELIVERY = 10_000  # what SQS gathers at most
AT = datetime(2026, 3, 1, tzinfo=UTC)


def measure() -> list[Measurement]:
    """Processor time for events of about 420 bytes, as reads through the broker leave them."""
    events = [(event_id, canonical(_event(event_id))) for event_id in map(_id, range(ENTRIES))]
    bodies = [body for _, body in events]
    hashing, tiling = _least(lambda: hash_only(bodies)), _least(lambda: tile(bodies))
    return [
        Measurement(
            "ledger: sequencing 10,000 events (examined, chained, bundled, tiled, signed; no I/O)",
            round(_least(lambda: sequence(events)) * 10_000 / ENTRIES, 3),
            "s",
            1,
        ),
        Measurement(
            "ledger: tree, tiles and bundles, in times of SHA-256 over the same leaves and nodes",
            round(tiling / hashing, 2),
            "times",
            2,
        ),
        Measurement("ledger: memory of a growing log beyond its tiles", round(_held() / 1024), "KiB", 512),
    ]


def sequence(events: Sequence[tuple[EventId, bytes]]) -> None:
    """Everything the sequencer computes for these events, delivery by delivery."""
    private = Ed25519PrivateKey.generate()
    signer = Signer(private.public_key().public_bytes_raw(), private.sign)
    edge, tiles = Edge(), Tiles()
    for start in range(0, len(events), A_DELIVERY):
        delivery = events[start : start + A_DELIVERY]
        for event_id, body in delivery:
            admit(event_id, body)
        for at in range(0, len(delivery), BATCH_ENTRIES):
            batch = [body for _, body in delivery[at : at + BATCH_ENTRIES]]
            for body in batch:
                edge.append(leaf_hash(body))
            tile(unbundle(bundle(batch)), tiles)
        list(tiles.partial())
        if tiles.edge != edge:
            raise ValueError("the tiles do not give the head")
        checkpoint("bench/3y", edge.size, edge.root(), signer)


def tile(bodies: Sequence[bytes], tiles: Tiles | None = None) -> None:
    """The objects that come into being."""
    growing = tiles or Tiles()
    for body in bodies:
        for _path, _object in growing.append(body):
            pass


def hash_only(bodies: Sequence[bytes]) -> None:
    """SHA-256 over what RFC 6962 hashes for these entries, and nothing else."""
    hashes = [hashlib.sha256(b"\x00" + body).digest() for body in bodies]
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        hashes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]


def _held() -> int:
    """Bytes still held after a million entries that were written away."""
    tiles, body = Tiles(), b"x" * 100
    tracemalloc.start()
    for _ in range(100):
        tile([body] * 10_000, tiles)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def _least(work: Callable[[], None]) -> float:
    """The least processor time of three rounds: others may be using the machine."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _id(n: int) -> EventId:
    return EventId.of("bench", str(n))


def _event(event_id: EventId) -> AuditEvent:
    return AuditEvent.of(
        Action.DATA_READ,
        Actor(id="ana@example.com", role=Role.EMPLOYEE),
        Resource(type="query", id="hr-db/my_requests"),
        AT,
        event_id=event_id,
        app_id=AppId("leave-request"),
        classes=["personal"],
        rows=12,
        purpose="See and plan one's own leave",
    )
