"""The offline verifier over a million entries, as an auditor runs it: its own process, an export on disk."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appguard.audit import verify
from appguard.audit.canonical import canonical
from appguard.audit.checkpoint import Signer, checkpoint
from appguard.audit.export_folder import KEY_FILE, LISTING, SCHEMA
from appguard.audit.reader import in_folder
from appguard.audit.signing import pem
from appguard.audit.tiles import Tiles
from appguard.kernel.event import Actor, AuditEvent, Resource, RetentionClass, Role
from appguard.kernel.ids import AppId, EventId
from benchmarks.measure import Measurement, seconds

ENTRIES = 1_000_000
A_CHECKPOINT_EVERY = 98
"""As many entries as one transaction of the sequencer takes: ten thousand checkpoints."""
CORES = 2
LOG = RetentionClass.THREE_YEARS
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def measure() -> list[Measurement]:
    """Processor time, spread over two cores; the most memory any of the processes took; one proof."""
    private = Ed25519PrivateKey.generate()
    signer = Signer(private.public_key().public_bytes_raw(), private.sign)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, signer)
        used, memory = watched(folder)
        proof, proving = prove(folder)
    keys = [verify.Key(signer.public_key)]
    note = proof["checkpoint"].encode()
    small = len(json.dumps(proof)) - len(json.dumps(proof["entry"]))
    return [
        Measurement("verifier: 1,000,000 entries, processor time over 2 cores", round(used, 1), "s", 20),
        Measurement("verifier: 1,000,000 entries, memory of a process", memory, "MB", 100),
        Measurement("verifier: finding and proving one of 1,000,000 offline", round(proving, 2), "s", 5),
        Measurement("verifier: a proof without its entry", small, "bytes", 2048),
        Measurement(
            "verifier: checking a proof",
            round(1000 * seconds(lambda: verify.verify_proof(proof, keys), 50), 2),
            "ms",
            1,
        ),
        Measurement(
            "verifier: of this, the signature",
            round(1000 * seconds(lambda: verify.read_checkpoint(note, keys), 50), 2),
            "ms",
        ),
    ]


MEASURED = """
import sys; sys.path.insert(0, sys.argv[1])
from verify.command import main
code = main(sys.argv[2:])
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
sys.exit(code)
"""


def watched(folder: Path) -> tuple[float, int]:
    """Verify in a process of its own, which starts others: processor seconds a core, megabytes."""
    before = os.times()
    line = [sys.executable, "-I", "-c", MEASURED, str(Path(verify.__file__).parents[1]), str(folder)]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used / CORES, int(said.split()[-2]) // 1024


def prove(folder: Path) -> tuple[dict, float]:
    """A proof from the middle of the log, and the processor seconds it took."""
    started = time.process_time()
    return in_folder(folder).prove(event_id(ENTRIES // 2)), time.process_time() - started


def write(folder: Path, signer: Signer) -> None:
    """An export as `export` leaves it."""
    digests = {}
    for path, body in objects(signer):
        file = folder / LOG / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        digests[f"{LOG}/{path}"] = hashlib.sha256(body).hexdigest()
    until = (NOW + timedelta(days=4 * 366)).isoformat()
    facts = {"stored_at": NOW.isoformat(), "retain_until": until, "lock": "COMPLIANCE"}
    with (folder / LISTING).open("w") as listing:
        about = {"schema": SCHEMA, "bucket": "bench", "exported_at": NOW.isoformat()}
        for row in (
            about,
            *({"key": key, "sha256": digest, **facts} for key, digest in sorted(digests.items())),
        ):
            listing.write(json.dumps(row) + "\n")
    (folder / KEY_FILE).write_bytes(pem(signer.public_key))


def objects(signer: Signer) -> Iterator[tuple[str, bytes]]:
    """The objects of a log of `ENTRIES`, as the sequencer makes them."""
    tiles = Tiles()
    before, after = canonical(event()).split(event_id(0).encode())
    note = b""
    for n in range(1, ENTRIES + 1):
        yield from tiles.append(before + event_id(n - 1).encode() + after)
        if n % A_CHECKPOINT_EVERY == 0 or n == ENTRIES:
            yield from tiles.partial()
            note = checkpoint(f"bench/{LOG}", n, tiles.edge.root(), signer)
            yield f"checkpoints/{n:020d}", note
    yield "checkpoint", note


def event() -> AuditEvent:
    """An access to data, as most entries are."""
    return AuditEvent.of(
        "data.read",
        Actor(id="7f0c8a52-4b1e-4f3e-9a59-0e7c5c0d2a11", role=Role.EMPLOYEE),
        Resource(type="query", id="hr-db/my_requests"),
        NOW,
        event_id=event_id(0),
        app_id=AppId("leave-request"),
        classes=["internal", "personal"],
        columns=["id", "from", "to", "state"],
        parameters={"user": "hmac:5c1d6f0e8f7b4b6a"},
        rows=12,
        subjects=["0d3f7a2b1c9e4f5a8b6c7d8e9f0a1b2c"],
    )


def event_id(n: int) -> EventId:
    """A distinct id."""
    return EventId(f"evt-{n:032x}")
