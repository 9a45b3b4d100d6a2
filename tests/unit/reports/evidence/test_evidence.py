"""A pack gathered from a deployment, verified with two keys, and spoiled in every way we could think of."""

import json

import pytest
from typer.testing import CliRunner

from appguard.apps.bundle import Bundle
from appguard.audit.canonical import canonical
from appguard.audit.reader import in_folder
from appguard.audit.verify import load_keys as ledger_keys
from appguard.cli.evidence import app
from appguard.gates.store import Evidence
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId
from appguard.kernel.pem import public_key_pem
from appguard.provenance.key_file import load_keys
from appguard.reports.evidence.collect import collect
from appguard.reports.evidence.pack import EvidenceUnverified, unzipped, zipped
from appguard.reports.evidence.verify import verify
from tests.support.kms import Kms
from tests.support.world import ANA, LEAVE, RISKY, ROB
from tests.unit.provenance.conftest import Notary, world  # noqa: F401 - its fixture is ours


@pytest.fixture
def notary(world) -> Notary:  # noqa: F811 - the fixture
    made = Notary(world)
    step = made.approved()
    for result in world.results(step.review_id):
        Evidence(world.s3, "artifacts").save(result)
    made.attested(step)
    world.apps.create(AppId("other-app"), "Another app", "", "A team", ANA)
    return made


@pytest.fixture
def ledger(notary, written):
    """The ledger of that world as an export."""
    events = [canonical(event) for event in notary.world.events()]
    return written({"3y": [3, len(events)]}, entry=events.__getitem__)


@pytest.fixture
def parts(notary, ledger) -> dict[str, bytes]:
    return collect(notary.world.s3, "artifacts", in_folder(ledger), LEAVE)


@pytest.fixture
def checked(notary, ledger):
    """What `verify` says of some parts."""
    keys = ledger_keys((ledger / "ledger-key.pem").read_bytes())
    return lambda parts: verify(unzipped(zipped(parts)), keys, load_keys(notary.kms.spki))


def test_a_pack_says_who_asked_who_approved_and_proves_every_entry(checked, parts, notary):
    held = checked(parts)
    assert (held.app_id, held.bundle_digest, held.decided_by) == (LEAVE, RISKY.digest, ROB.id)
    assert held.entries == len([event for event in notary.world.events() if event.app_id == LEAVE])
    assert held.findings == len([name for name in parts if name.startswith("findings/")]) > 3


def test_the_same_evidence_is_the_same_archive(parts):
    assert zipped(parts) == zipped(dict(reversed(parts.items())))


def without_the_attested(body: bytes) -> bytes:
    return b"".join(line + b"\n" for line in body.splitlines() if b"bundle.attested" not in line)


LARGER = Bundle({**RISKY.files, "more.txt": b"x"}).to_zip()
SPOILED = [
    (
        lambda p: {**p, "bundle.zip": Bundle({**RISKY.files, "more.txt": b"x"}).to_zip()},
        "attestation.dsse.json: it",
    ),
    (lambda p: {**p, "bundle.zip": b"no archive"}, "bundle.zip: "),
    (
        lambda p: {**p, "attestation.dsse.json": b"{}"},
        "the attestation cannot be read",
    ),
    (lambda p: {**p, "attested-sbom.spdx.json": b"{}"}, "attested-sbom.spdx.json: differs"),
    (lambda p: {**p, "findings/policy.json": b"{}"}, "findings/policy.json: differs"),
    (lambda p: {n: b for n, b in p.items() if n != "findings/policy.json"}, "findings/policy.json: missing"),
    (lambda p: {**p, "findings/more.json": b"{}"}, "findings/more.json: added"),
    (lambda p: {**p, "payload.exe": b"x"}, "payload.exe: added"),
    (lambda p: {n: b for n, b in p.items() if n != "entries.jsonl"}, "entries.jsonl: missing"),
    (
        lambda p: {**p, "entries.jsonl": p["entries.jsonl"].replace(b"app.approved", b"app.refused0", 1)},
        "line",
    ),
    (lambda p: {**p, "entries.jsonl": p["entries.jsonl"] * 2}, "stands there twice"),
    (lambda p: {**p, "entries.jsonl": b"[]\n"}, "line 1: proof: not a proof"),
    (
        lambda p: {**p, "entries.jsonl": without_the_attested(p["entries.jsonl"])},
        "says it was signed",
    ),
]


@pytest.mark.parametrize(("spoil", "named"), SPOILED, ids=[named for _, named in SPOILED])
def test_what_does_not_hold_is_named(checked, parts, spoil, named):
    with pytest.raises(EvidenceUnverified, match=named):
        checked(spoil(parts))


def test_an_entry_about_another_app_does_not_belong(checked, parts, ledger):
    reader = in_folder(ledger)
    other = next(entry for entry in reader.entries() if entry.event.app_id != LEAVE)
    line = json.dumps(reader.proof(other)).encode()
    with pytest.raises(EvidenceUnverified, match="not leave-request"):
        checked({**parts, "entries.jsonl": parts["entries.jsonl"] + line})


def test_an_app_nobody_attested_has_no_evidence(notary, ledger):
    with pytest.raises(NotFound):
        collect(notary.world.s3, "artifacts", in_folder(ledger), AppId("another-app"))


def test_the_command_verifies_a_pack_with_the_right_keys_alone(notary, ledger, parts, tmp_path):
    (tmp_path / "pack.zip").write_bytes(zipped(parts))
    for name, kms in (("right", notary.kms), ("wrong", Kms())):
        (tmp_path / name).write_bytes(public_key_pem(kms.spki))

    def run(pack="pack.zip", builder="right"):
        key = ["--key", ledger / "ledger-key.pem", "--builder-key", tmp_path / builder]
        return CliRunner().invoke(app, ["verify", str(tmp_path / pack), *map(str, key)])

    assert (run().exit_code, run().output[:17]) == (0, "ok leave-request ")
    assert run(builder="wrong").exit_code == 1
    assert run(pack="right").exit_code == 1
    assert run(pack="gone").exit_code == 3
    assert run(builder="pack.zip").exit_code == 3
