"""`appguard verify-bundle` and `appguard attestation` as an auditor meets them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.cli import attestation
from appguard.cli.main import app
from appguard.kernel.pem import public_key_pem
from tests.support.kms import Kms
from tests.support.world import LEAVE, RISKY, ROB, world_on_moto
from tests.unit.provenance.conftest import Notary

EXAMPLE = Path("examples/leave-request")
runner = CliRunner()


@pytest.fixture
def notary(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        yield Notary(world)


@pytest.fixture
def files(notary, tmp_path):
    """A folder with an attestation of the example, and the builder's key."""
    (tmp_path / "attestation.dsse.json").write_bytes(notary.attested(notary.approved()))
    (tmp_path / "key.pem").write_bytes(public_key_pem(notary.kms.spki))
    return tmp_path


def verify(
    files: Path, bundle: Path = EXAMPLE, key: str = "key.pem", envelope: str = "attestation.dsse.json"
):
    words = ["--attestation", str(files / envelope), "--key", str(files / key)]
    result = runner.invoke(app, ["verify-bundle", str(bundle), *words])
    return result.exit_code, result.stdout, result.stderr


def test_a_folder_and_its_zip_verify_and_it_says_who_approved(files):
    (files / "bundle.zip").write_bytes(RISKY.to_zip())

    for bundle in (EXAMPLE, files / "bundle.zip"):
        code, out, _ = verify(files, bundle)
        assert code == 0
        assert out.startswith(f"ok {LEAVE} {RISKY.digest}\n")
        assert ROB.id in out


def test_a_key_file_may_hold_the_keys_of_yesterday_and_today(files, notary):
    (files / "keys.pem").write_bytes(public_key_pem(Kms().spki) + public_key_pem(notary.kms.spki))
    (files / "key.der").write_bytes(notary.kms.spki)

    assert verify(files, key="keys.pem")[0] == verify(files, key="key.der")[0] == 0


def test_a_changed_bundle_exits_1_naming_what_differs(files):
    changed = files / "bundle.zip"
    changed.write_bytes(type(RISKY)({**RISKY.files, "logic.py": b"import os\n"}).to_zip())
    code, _, err = verify(files, changed)

    assert code == 1
    assert f"it is about {RISKY.digest}" in err


def test_another_key_exits_1(files):
    (files / "other.pem").write_bytes(public_key_pem(Kms().spki))
    code, _, err = verify(files, key="other.pem")

    assert (code, "not ours" in err) == (1, True)


@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b"PK\x03\x04"])
def test_what_is_no_attestation_or_no_bundle_exits_1(files, body):
    (files / "odd").write_bytes(body)

    assert verify(files, envelope="odd")[0] == 1
    assert verify(files, bundle=files / "odd")[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        {"bundle": Path("no-such-folder")},
        {"envelope": "nowhere"},
        {"key": "nowhere"},
        {"key": "attestation.dsse.json"},
    ],
    ids=["no bundle", "no attestation", "no key", "a key that is none"],
)
def test_what_cannot_be_checked_exits_3(files, words):
    code, _, err = verify(files, **words)

    assert code == 3
    assert "Traceback" not in err


def test_a_line_without_a_key_exits_3(files):
    assert runner.invoke(app, ["verify-bundle", str(EXAMPLE)]).exit_code == 3


def test_what_a_deployment_holds_is_fetched_and_verifies(notary, files, monkeypatch):
    clients = {"kms": notary.kms, "s3": notary.world.s3}

    class Deployment:
        def client(self, service: str):
            return clients[service]

        def name(self, _variable: str, output: str) -> str:
            return {"ArtifactsBucket": "artifacts", "AttestationKeyArn": "key"}[output]

    monkeypatch.setattr(attestation, "Access", Deployment)
    folder = files / "fetched"
    result = runner.invoke(app, ["attestation", LEAVE, str(folder)])

    assert result.exit_code == 0, result.stderr
    assert json.loads((folder / "attested-sbom.spdx.json").read_text())["spdxVersion"] == "SPDX-2.3"
    assert verify(folder, folder / "bundle.zip", key="builder-key.pem")[0] == 0
    assert runner.invoke(app, ["attestation", LEAVE, str(folder)]).exit_code == 3
    assert runner.invoke(app, ["attestation", "nobody", str(files / "new")]).exit_code == 3
    assert not (files / "new").exists()
