"""From delivered events to a signed log: each event one entry, whatever is lost, doubled or killed.

The order of steps is what makes it safe: (1) the entries' bytes under their digest, and the index of
the persons they are about, so that no entry is without its index rows, (2) one
transaction that moves the head, names the batch and seals the outbox rows, (3) tiles, (4) signature,
(5) acknowledgement. Until (2) nothing has happened; after it, (3) and (4) can be repeated by anyone
and give the same bytes, because they depend on the committed head alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from appguard.audit.checkpoint import Signer, checkpoint, origin_of
from appguard.audit.merkle import leaf_hash
from appguard.audit.objects import LedgerObjects, batch_key
from appguard.audit.store import BATCH_ENTRIES, LedgerStore, Row
from appguard.audit.subject_index import SubjectIndex
from appguard.audit.tiles import Tiles, bundle, unbundle
from appguard.kernel.errors import AppGuardError, Unavailable
from appguard.kernel.event import RetentionClass
from appguard.kernel.ids import EventId

LOST_RACES = 20


class LedgerForked(AppGuardError):
    """Stored objects contradict the committed head: somebody else wrote them."""

    code = "ledger_forked"
    remediation = "Stop writing, export the ledger and compare it with the last checkpoint you trust."


class Sequencer:
    """Appends to the logs. Several may run at once; the head's compare-and-swap orders them."""

    def __init__(
        self, store: LedgerStore, index: SubjectIndex, objects: LedgerObjects, signer: Signer, origin: str
    ) -> None:
        """`origin` is the ledger's name; each log's is that plus its retention class."""
        self._store = store
        self._index = index
        self._objects = objects
        self._signer = signer
        self._origin = origin

    def seal(self, log: RetentionClass, rows: Sequence[Row]) -> Iterator[EventId]:
        """Steps 1 and 2: make `rows` entries of `log`; gives each as soon as it is one for good."""
        yield from (row.event_id for row in rows if row.index is not None)
        pending = _in_order(rows)
        self._index.add(pending)
        losses = 0
        while pending:
            batch = pending[:BATCH_ENTRIES]
            before = self._store.head(log)
            after = before.copy()
            for row in batch:
                after.append(leaf_hash(row.body))
            digest = self._objects.put_batch(log, bundle([row.body for row in batch]))
            if self._store.commit(log, before, after, digest, batch):
                yield from (row.event_id for row in batch)
                pending = pending[BATCH_ENTRIES:]
                continue
            losses += 1
            if losses == LOST_RACES:
                raise Unavailable(f"other sequencers keep moving the head of {log}")
            again = self._store.rows([row.event_id for row in pending])
            yield from (row.event_id for row in again if row.index is not None)
            pending = _in_order(again)

    def publish(self, log: RetentionClass) -> None:
        """Steps 3 and 4: tiles, signature and checkpoint, from where they were last known to be complete."""
        head = self._store.head(log)
        done = self._store.published(log)
        if done >= head.size:
            return
        try:
            tiles = Tiles.load(done, lambda path: self._object(f"{log}/{path}"))
        except ValueError as error:
            raise LedgerForked(f"the tiles of {log} at size {done}: {error}") from None
        put = partial(self._put_tile, log)
        for batch in self._store.batches(log, done, head.size):
            for entry in unbundle(self._object(batch_key(log, batch.digest))):
                for path, body in tiles.append(entry):
                    put(path, body)
        for path, body in tiles.partial():
            put(path, body)
        if tiles.edge != head:
            raise LedgerForked(f"the batches of {log} do not give its head at size {head.size}")
        self._sign(log, head.size, head.root())
        self._store.publish(log, head.size)

    def _object(self, key: str) -> bytes:
        stored = self._objects.get(key)
        if stored is None:
            raise LedgerForked(f"{key} was written and is gone")
        return stored

    def _put_tile(self, log: RetentionClass, path: str, body: bytes) -> None:
        if self._objects.put_once(log, f"{log}/{path}", body) != body:
            raise LedgerForked(f"{log}/{path} holds something else")

    def _sign(self, log: RetentionClass, size: int, root: bytes) -> None:
        note = checkpoint(origin_of(self._origin, log), size, root, self._signer)
        path = f"{log}/checkpoints/{size:020d}"
        stored = self._objects.put_once(log, path, note)
        if stored.partition(b"\n\n")[0] != note.partition(b"\n\n")[0]:
            raise LedgerForked(f"{path} is signed for another root")
        self._objects.put_latest(log, stored)


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """What is not an entry yet, oldest first."""
    return sorted((row for row in rows if row.index is None), key=lambda row: (row.at, row.event_id))
