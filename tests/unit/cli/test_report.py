import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.audit.canonical import canonical
from appguard.cli.report import app
from appguard.provenance.signing import BuilderKey
from appguard.reports.manifest import SIGNED, manifest, sealed
from appguard.reports.report import Report
from tests.support.kms import Kms
from tests.support.reported import told

EVENTS = sorted(told(6, 40), key=lambda event: event.timestamp)
MARCH = ("--framework", "soc2", "--as-of", "2026-03-31")


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def ledger(written) -> Path:
    return written({"3y": [10, len(EVENTS)]}, entry=lambda n: canonical(EVENTS[n]))


def figures(folder: Path) -> dict:
    found = json.loads((folder / "report.json").read_text())["figures"]
    return {name: value for name, value in found.items() if name != "ledger"}


def test_a_past_report_is_recomputed_offline(ledger, tmp_path):
    result = run("make", *MARCH, "--from", ledger, "--output", tmp_path / "march")
    assert result.exit_code == 0
    assert result.output.startswith("SOC 2 to 2026-03-31: 4 failed")
    assert (tmp_path / "march/report.pdf").read_bytes().startswith(b"%PDF")


def test_a_longer_ledger_gives_the_same_figures_for_the_same_date(ledger, written, tmp_path):
    day = ("--framework", "soc2", "--as-of", "2026-03-12", "--output")
    early = [event for event in EVENTS if event.timestamp.day <= 12]
    cut = written({"3y": [len(early)]}, entry=lambda n: canonical(early[n]))
    for name, source in (("then", cut), ("now", ledger)):
        assert run("make", *day, tmp_path / name, "--from", source).exit_code == 0
    assert figures(tmp_path / "then") == figures(tmp_path / "now")


def test_a_ledger_that_does_not_verify_still_gives_its_report_and_exits_1(ledger, tmp_path, copied):
    folder = copied(ledger)
    (folder / "3y/checkpoints/00000000000000000010").unlink()
    result = run("make", *MARCH, "--from", folder, "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert "BAD 3y/checkpoints/00000000000000000010: missing" in result.output
    assert "does not verify" in (tmp_path / "out/report.html").read_text()


@pytest.mark.parametrize("source", ["nowhere", "."])
def test_without_a_ledger_there_is_no_report(tmp_path, source):
    result = run("make", *MARCH, "--from", tmp_path / source, "--output", tmp_path / "out")
    assert result.exit_code == 3
    assert not (tmp_path / "out").exists()


@pytest.fixture
def signed(ledger, tmp_path) -> Path:
    """A report as the platform leaves it, and beside it `key.der`."""
    out, kms = tmp_path / "out", Kms()
    run("make", *MARCH, "--from", ledger, "--output", out)
    (tmp_path / "key.der").write_bytes(kms.spki)
    sign(out, BuilderKey(kms, "key"))
    return out


def sign(folder: Path, key: BuilderKey) -> None:
    report = Report.model_validate_json((folder / "report.json").read_bytes())
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != SIGNED]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    (folder / SIGNED).write_bytes(sealed(manifest(report, files), key.keyid, key.sign))


def test_a_report_nobody_signed_does_not_verify(ledger, tmp_path):
    run("make", *MARCH, "--from", ledger, "--output", tmp_path / "out")
    (tmp_path / "key.der").write_bytes(Kms().spki)
    assert run("verify", tmp_path / "out", "--key", tmp_path / "key.der").exit_code == 1
    assert run("verify", tmp_path / "out", "--key", ledger / "ledger-key.pem").exit_code == 3


def test_verify_says_what_holds_and_names_what_does_not(signed):
    key = signed.parent / "key.der"
    result = run("verify", signed, "--key", key)
    assert (result.exit_code, result.output[:3]) == (0, "ok ")
    (signed / "report.html").write_text("All is well")
    result = run("verify", signed, "--key", key)
    assert (result.exit_code, "BAD report.html: altered" in result.output) == (1, True)


def test_figures_the_ledger_does_not_give_are_named_although_they_are_signed(signed, ledger):
    key = ("--key", signed.parent / "key.der", "--from", ledger)
    result = run("verify", signed, *key)
    assert (result.exit_code, "the same figures" in result.output) == (0, True)
    told = json.loads((signed / "report.json").read_text())
    told["figures"]["decisions"] = told["figures"]["decisions"][1:]
    (signed / "report.json").write_text(json.dumps(told))
    liar = Kms()
    sign(signed, BuilderKey(liar, "key"))
    (signed.parent / "key.der").write_bytes(liar.spki)
    result = run("verify", signed, *key)
    assert (result.exit_code, "otherwise of decisions" in result.output) == (1, True)


def test_an_output_folder_that_holds_something_is_left_alone(ledger, tmp_path):
    (tmp_path / "mine").write_text("x")
    assert run("make", *MARCH, "--from", ledger, "--output", tmp_path).exit_code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
