"""What is in an evidence pack, as one archive: the same parts give the same bytes."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from appguard.kernel.errors import AppGuardError
from appguard.provenance.documents import ATTESTATION_FILE, BILL_FILE, BUNDLE_FILE

ENTRIES, README = "entries.jsonl", "README.txt"
LEDGER_KEY, BUILDER_KEY = "ledger-key.pem", "builder-key.pem"
FINDINGS = "findings/"
KNOWN = frozenset({ATTESTATION_FILE, BILL_FILE, BUNDLE_FILE, ENTRIES, README, LEDGER_KEY, BUILDER_KEY})
MAX_PARTS, MAX_BYTES = 100, 2 * 1024**3
EPOCH = (1980, 1, 1, 0, 0, 0)

TEXT = """Evidence of the app {app_id}.

{bundle}        the version in question, as it was approved
{attestation}   how it came to be approved, signed (in-toto, SLSA provenance, DSSE)
{bill}          its bill of materials, which the attestation names
findings/       what each gate found; the attestation names their digests
{entries}       every entry of the ledger about the app, each with its proof and a signed checkpoint
*-key.pem       the public keys; take them from somewhere else too, and compare

Verify: appguard evidence verify PACK --key {ledger} --builder-key {builder}

That no entry was left out, only the whole ledger shows: appguard audit export, then verify.
"""


class EvidenceUnverified(AppGuardError):
    """Something in the pack does not hold."""

    code = "evidence_unverified"
    remediation = "Make the pack again, and take the keys from the key service."


def readme(app_id: str) -> bytes:
    """What is in the pack and how to check it."""
    return TEXT.format(
        app_id=app_id,
        bundle=BUNDLE_FILE,
        attestation=ATTESTATION_FILE,
        bill=BILL_FILE,
        entries=ENTRIES,
        ledger=LEDGER_KEY,
        builder=BUILDER_KEY,
    ).encode()


def lines(proofs: Iterator[Mapping[str, Any]]) -> bytes:
    """One proof a line, as `appguard audit verify` takes each."""
    return b"".join(json.dumps(proof, separators=(",", ":")).encode() + b"\n" for proof in proofs)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(parts.items()):
            info = zipfile.ZipInfo(name, date_time=EPOCH)
            info.external_attr = 0o644 << 16
            archive.writestr(info, body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unzipped(packed: bytes) -> dict[str, bytes]:
    """The parts, read in memory; raises `EvidenceUnverified` for what is no pack, or too much of one."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if len(names) > MAX_PARTS or len(set(names)) != len(names):
                raise EvidenceUnverified("the pack has too many parts, or two of one name")
            if sum(info.file_size for info in infos) > MAX_BYTES:
                raise EvidenceUnverified("the pack unfolds into more than two gigabytes")
            return {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise EvidenceUnverified("the pack is not a readable archive") from error
