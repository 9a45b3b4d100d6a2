"""What a log sends to a witness, and a witness answers (https://c2sp.org/tlog-witness)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from appguard.kernel.errors import Invalid

MAX_BYTES = 16 * 1024
MAX_PROOF = 63
HASH = 32
SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True)
class Submission:
    """A checkpoint, and the proof that the tree of `old` entries is its beginning."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read the body of `add-checkpoint`; raises `Invalid`."""
        if len(body) > MAX_BYTES:
            raise Invalid(f"a submission has at most {MAX_BYTES} bytes")
        head, _, note = body.partition(b"\n\n")
        first, *lines = head.split(b"\n")
        word, _, old = first.partition(b" ")
        if word != b"old" or not old.isdigit() or str(int(old)).encode() != old or len(lines) > MAX_PROOF:
            raise Invalid("a submission begins with the old size and at most 63 hashes")
        try:
            proof = tuple(base64.b64decode(line, validate=True) for line in lines)
        except binascii.Error:
            raise Invalid("a line of the proof is not base64") from None
        if any(len(step) != HASH for step in proof):
            raise Invalid("a line of the proof is not a hash")
        return cls(int(old), proof, note)

    def body(self) -> bytes:
        """The inverse of `parse`."""
        lines = [b"old %d" % self.old, *(base64.b64encode(step) for step in self.proof)]
        return b"\n".join(lines) + b"\n\n" + self.note


@dataclass(frozen=True)
class Answer:
    """What the witness says: a signature line with 200, the size it knows with 409, or what is wrong."""

    status: HTTPStatus
    body: str
    content_type: str = "text/plain; charset=utf-8"

    @property
    def known_size(self) -> int | None:
        """The size the witness knows, when it says so because another was given."""
        return int(self.body) if self.content_type == SIZE_TYPE else None


def signature_lines(answer: Answer) -> Sequence[bytes]:
    """The lines of a good answer."""
    return [line for line in answer.body.encode().splitlines(keepends=True) if line.startswith("— ".encode())]
