"""A witness: cosigns a log's checkpoint only if everything it saw before is its beginning.

It knows nothing but the log's public key and the last head it cosigned, which it remembers before it
answers. Two histories of one log can therefore never both carry its name.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from appguard.audit.checkpoint import Signer
from appguard.audit.verify import Bad, Key, consistency_holds, read_checkpoint
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, Conflict, Forbidden, Invalid, NotFound
from appguard.witness.cosigning import cosignature
from appguard.witness.store import NOTHING, Head, Memory
from appguard.witness.submission import Submission

EXPORT = "Export the ledger, and compare it with the last checkpoint that carries the witness's name."


class OtherSize(Conflict):
    """The proof begins at another size than the witness saw last."""

    code = "other_size"

    def __init__(self, known: int) -> None:
        """`known` is the size the proof must begin at."""
        super().__init__(f"the last checkpoint seen has size {known}")
        self.known = known


class Contradiction(AppGuardError):
    """The log signed what cannot be true beside what it signed before."""

    code: ClassVar[str] = "contradiction"
    status = 409
    remediation = EXPORT


class Forked(Contradiction):
    """Two roots are signed for one size."""

    code = "forked"


class RolledBack(Contradiction):
    """A smaller tree is signed after a larger one."""

    code = "rolled_back"


class Inconsistent(Contradiction):
    """What was seen before is not the beginning of what is shown now."""

    code = "inconsistent"
    status = 422


@dataclass(frozen=True)
class Witness:
    """One witness of the logs of one ledger."""

    name: str
    memory: Memory
    signer: Signer
    origins: Collection[str]
    log_keys: Sequence[Key]
    clock: Clock = utc_now

    def add_checkpoint(self, submission: Submission) -> bytes:
        """The signature line for the submitted checkpoint.

        Raises `NotFound` (another log), `Forbidden` (not signed by it), `OtherSize`, or a
        `Contradiction`, of which the signed evidence is kept.
        """
        origin, head = self._signed(submission.note)
        last = self.memory.last(origin)
        try:
            _extends(submission, last, head)
        except Contradiction as found:
            digest = hashlib.sha256(submission.note).hexdigest()
            self.memory.keep_evidence(digest, submission.note, found.code, self.clock())
            raise
        if not self.memory.move(origin, last, head):
            raise OtherSize(self.memory.last(origin).size)
        return cosignature(self.name, self.clock(), submission.note, self.signer)

    def _signed(self, note: bytes) -> tuple[str, Head]:
        """Origin and head of a checkpoint that the log signed."""
        origin = note.partition(b"\n")[0].decode(errors="replace")
        if origin not in self.origins:
            raise NotFound("this log is not witnessed here", "The witness's settings name the logs.")
        try:
            checkpoint = read_checkpoint(note, self.log_keys)
        except Bad as bad:
            raise Forbidden(f"not a checkpoint of this log: {bad.reason}") from None
        return origin, Head(checkpoint.size, checkpoint.root)


def _extends(submission: Submission, last: Head, head: Head) -> None:
    """The submitted tree begins with the last one, and the proof shows it."""
    if head.size < last.size:
        raise RolledBack(f"signed for {head.size} entries after {last.size}")
    if submission.old > head.size:
        raise Invalid("the old size is larger than the checkpoint's")
    if last != NOTHING and head.size == last.size and head.root != last.root:
        raise Forked(f"two roots are signed for {head.size} entries")
    if submission.old != last.size:
        raise OtherSize(last.size)
    if last in (NOTHING, head):
        if submission.proof:
            raise Invalid("a proof where there is nothing to prove")
        return
    if not consistency_holds(last.size, head.size, last.root, head.root, submission.proof):
        raise Inconsistent(f"the tree of {last.size} entries is not the beginning of that of {head.size}")
