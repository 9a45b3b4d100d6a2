import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.audit.canonical import canonical
from appguard.audit.reader import Reader
from appguard.audit.verify import command as verify
from appguard.cli.audit import app


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def ledger(written, event, copied) -> Path:
    def entry(n: int) -> bytes:
        return canonical(event(n, action="data.read" if n % 2 else "app.created"))

    return copied(written({"3y": [3, 5]}, entry=entry))


def test_verify_says_what_it_found_and_where_the_key_came_from(ledger):
    result = run("verify", ledger)
    assert result.exit_code == 0
    assert "ok 3y: 5 entries, 2 checkpoints" in result.output
    assert "the key came with the export" in result.output


def test_verify_exits_1_naming_the_first_bad_object(ledger):
    path = ledger / "3y/tile/entries/000.p/5"
    path.write_bytes(path.read_bytes().replace(b"ana", b"bob"))
    result = run("verify", ledger, "--key", ledger / "ledger-key.pem")
    assert result.exit_code == 1
    assert "BAD 3y/tile/entries/000.p/5: altered" in result.output


def test_verify_compares_with_a_kept_checkpoint(ledger, written):
    longer = written({"3y": [9]})
    result = run("verify", ledger, "--checkpoint", longer / "3y/checkpoint")
    assert (result.exit_code, "cut" in result.output) == (1, True)


@pytest.mark.parametrize("gone", ["ledger-key.pem", "."])
def test_verify_without_key_or_folder_does_not_pass(ledger, gone):
    target = ledger / gone
    target.rename(ledger.parent / "elsewhere") if gone == "." else target.unlink()
    assert run("verify", ledger).exit_code == 1


def test_a_proof_is_a_small_file_that_verify_accepts_with_the_key_alone(ledger, tmp_path, event):
    file = tmp_path / "proof.json"
    assert run("prove", event(2).event_id, "--from", ledger, "--output", file).exit_code == 0
    assert file.stat().st_size < 2048
    result = run("verify", file, "--key", ledger / "ledger-key.pem")
    assert (result.exit_code, event(2).event_id in result.output) == (0, True)
    file.write_text(file.read_text().replace("leave-request", "leave-denied"))
    assert run("verify", file, "--key", ledger / "ledger-key.pem").exit_code == 1


def test_what_is_not_in_the_ledger_cannot_be_proved(ledger, event):
    assert run("prove", event(99).event_id, "--from", ledger).exit_code == 3
    assert run("prove", "nonsense", "--from", ledger).exit_code == 3


@pytest.mark.parametrize("words", [[], ["a", "b", "c"], ["--late", "long", "a"]])
def test_the_verifier_as_a_script_says_how_it_is_used(words, capsys):
    with pytest.raises(SystemExit) as ended:
        verify.main(words)
    assert ended.value.code
    assert capsys.readouterr().err.startswith("usage: ")


def test_the_verifier_as_a_script_says_what_it_lacks_and_does_not_pass(ledger, capsys):
    assert verify.main(["no-such-folder"]) == 1
    assert capsys.readouterr().err == "BAD no-such-folder/ledger-key.pem: missing\n"
    (ledger / "key").write_bytes(b"no key")
    assert verify.main([str(ledger), "--key", str(ledger / "key")]) == 1
    assert capsys.readouterr().err.startswith("cannot read the key")
    for days in ("nan", "1e99"):
        assert verify.main([str(ledger), "--late", days]) == 1


@pytest.mark.parametrize("command", [["search"], ["prove", "evt-0123456789abcdef0123456789abcdef"]])
def test_a_folder_without_a_ledger_is_no_empty_ledger(tmp_path, command):
    result = run(*command, "--from", tmp_path / "mistyped")
    assert result.exit_code == 3
    assert "holds no exported ledger" in result.output


def test_export_reads_the_account_the_environment_names(seal, event, s3, tmp_path, monkeypatch, signer, key):
    seal(event(1))
    monkeypatch.setattr("appguard.cli.audit.kms_signer", lambda _client, _key_id: signer)
    monkeypatch.setenv("LEDGER_BUCKET", "ledger")
    monkeypatch.setenv("LEDGER_KEY_ID", "any")
    folder = tmp_path / "out"
    result = run("export", folder)
    assert (result.exit_code, "exported 4 objects" in result.output) == (0, True), result.output
    assert run("verify", folder, "--late", 10_000).exit_code == 0
    assert "0 of them fetched" in run("export", folder).output
    (folder / "objects.jsonl").unlink()
    refused = run("export", folder)
    assert (refused.exit_code, "neither empty nor an export" in refused.output) == (3, True)


def test_prove_asks_the_outbox_where_the_event_is_and_reads_one_bundle(
    seal, event, s3, dynamodb, tmp_path, monkeypatch
):
    seal(*map(event, range(3)))
    for name, value in (("LEDGER_BUCKET", "ledger"), ("LEDGER_TABLE", "ledger"), ("OUTBOX_TABLE", "outbox")):
        monkeypatch.setenv(name, value)
    read_all = Reader._find
    monkeypatch.setattr(Reader, "_find", lambda *_: pytest.fail("the whole ledger was read"))
    assert run("prove", event(1).event_id, "--output", tmp_path / "proof.json").exit_code == 0
    monkeypatch.setattr(Reader, "_find", read_all)
    monkeypatch.setenv("OUTBOX_TABLE", "not-for-auditors")
    slow = run("prove", event(1).event_id, "--output", tmp_path / "slow.json")
    assert (slow.exit_code, "reading the whole ledger" in slow.output) == (0, True)
    assert (tmp_path / "slow.json").read_bytes() == (tmp_path / "proof.json").read_bytes()


def test_verifier_writes_one_file_and_says_its_digest(tmp_path):
    result = run("verifier", "--output", tmp_path / "verify.pyz")
    assert hashlib.sha256((tmp_path / "verify.pyz").read_bytes()).hexdigest() in result.output


def test_what_aws_refuses_is_a_message_and_not_a_trace(s3, monkeypatch):
    for name in ("LEDGER_BUCKET", "LEDGER_TABLE", "OUTBOX_TABLE"):
        monkeypatch.setenv(name, "no-such-thing")
    result = run("prove", "evt-0123456789abcdef0123456789abcdef")
    assert result.exit_code == 3
    assert "NoSuchBucket" in result.output
