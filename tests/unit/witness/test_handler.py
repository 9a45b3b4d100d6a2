"""The entry point, wired to emulated services by its environment."""

import base64
import json
from types import SimpleNamespace

import pytest

from appguard.audit.checkpoint import checkpoint, origin_of
from appguard.kernel.event import RetentionClass
from appguard.witness import handler
from appguard.witness.submission import Submission
from tests.support.ledger import ORIGIN
from tests.support.witness import NAME

CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn:f", aws_request_id="r"
)
LOG = origin_of(ORIGIN, RetentionClass.THREE_YEARS)


@pytest.fixture(autouse=True)
def environment(memory, monkeypatch, signer, witness_signer):
    words = {
        "WITNESS_TABLE": "witness",
        "WITNESS_NAME": NAME,
        "WITNESS_KEY_ID": "witness-key",
        "LEDGER_KEY_ID": "ledger-key",
        "LEDGER_ORIGIN": ORIGIN,
    }
    for name, value in words.items():
        monkeypatch.setenv(name, value)
    # moto's KMS knows no Ed25519; the real call is tested in audit/test_signing.
    keys = {"witness-key": witness_signer, "ledger-key": signer}
    monkeypatch.setattr(handler, "kms_signer", lambda _client, key_id: keys[key_id])
    handler._witness.cache_clear()


def post(submission: Submission, *, encoded: bool = False) -> dict:
    body = submission.body()
    said = base64.b64encode(body).decode() if encoded else body.decode()
    return handler.cosign({"body": said, "isBase64Encoded": encoded}, CONTEXT)


def counted(output: str) -> list[str]:
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [
        m["Name"] for one in lines if "_aws" in one for m in one["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    ]


@pytest.mark.parametrize("encoded", [False, True])
def test_a_good_checkpoint_is_answered_with_a_signature_line(signer, capsys, encoded):
    answer = post(Submission(0, (), checkpoint(LOG, 1, b"r" * 32, signer)), encoded=encoded)
    assert answer["statusCode"] == 200
    assert answer["body"].startswith(f"— {NAME} ")
    assert counted(capsys.readouterr().out) == ["CheckpointsCosigned"]


def test_another_size_is_answered_with_the_size_it_knows(signer):
    note = checkpoint(LOG, 1, b"r" * 32, signer)
    post(Submission(0, (), note))
    answer = post(Submission(0, (), note))
    assert (answer["statusCode"], answer["body"]) == (409, "1\n")
    assert answer["headers"]["Content-Type"] == "text/x.tlog.size"


def test_a_fork_is_refused_and_rings(signer, capsys):
    post(Submission(0, (), checkpoint(LOG, 1, b"r" * 32, signer)))
    answer = post(Submission(1, (), checkpoint(LOG, 1, b"s" * 32, signer)))
    assert (answer["statusCode"], answer["body"].partition(":")[0]) == (409, "forked")
    assert counted(capsys.readouterr().out) == ["CheckpointsCosigned", "CheckpointsContradicting"]


@pytest.mark.parametrize(
    ("event", "status"),
    [({}, 400), ({"body": "old 0\n\nother\n1\n\n\n"}, 404), ({"body": f"old 0\n\n{LOG}\n1\n\n\n"}, 403)],
)
def test_what_is_no_checkpoint_of_the_ledger_is_refused_quietly(event, status, capsys):
    assert handler.cosign(event, CONTEXT)["statusCode"] == status
    assert counted(capsys.readouterr().out) == []
