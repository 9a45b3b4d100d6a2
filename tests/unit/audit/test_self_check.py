import json

import pytest

from appguard.audit.self_check import SelfCheck
from appguard.audit.verify import Key
from appguard.kernel.event import RetentionClass
from tests.support.ledger import NOW
from tests.support.witness import NAME


@pytest.fixture
def check(s3, signer, witness_signer, outbox) -> SelfCheck:
    return SelfCheck(s3, "ledger", signer, Key(witness_signer.public_key, NAME), outbox, lambda: NOW)


@pytest.fixture
def said(dynamodb):
    def found() -> list[dict]:
        bodies = [json.loads(one["body"]["S"]) for one in dynamodb.scan(TableName="outbox")["Items"]]
        return [one for one in bodies if one["action"] == "ledger.verified"]

    return found


def published(capsys) -> list[float]:
    lines = capsys.readouterr().out.splitlines()
    return [value for line in lines if '"LedgerHolds":' in line for value in json.loads(line)["LedgerHolds"]]


def test_a_ledger_that_holds_says_so_in_an_entry_and_a_metric(check, seal, event, said, capsys):
    seal(event(1), event(2, kept=RetentionClass.ONE_YEAR))
    assert check.run() is True
    [entry] = said()
    assert entry["result"] == "success"
    assert {name: log["size"] for name, log in entry["metadata"]["logs"].items()} == {"1y": 1, "3y": 1}
    assert published(capsys) == [1.0]


def test_a_ledger_that_does_not_hold_names_the_first_bad_object(check, seal, s3, event, said, capsys):
    seal(event(1))
    s3.put_object(Bucket="ledger", Key="3y/tile/0/000.p/1", Body=b"forged")
    assert check.run() is False
    [entry] = said()
    assert entry["result"] == "failure"
    assert entry["metadata"]["bad"].startswith("3y/tile/0/000.p/1")
    assert published(capsys) == [0.0]


def test_what_the_witness_saw_must_carry_its_signature(check, seal, event, cosigning, s3, signer):
    seal(event(1))
    cosigning.cosign_all()
    assert check.run() is True
    stranger = SelfCheck(s3, "ledger", signer, Key(signer.public_key, NAME), check.outbox)
    assert stranger.run() is False


def test_an_empty_ledger_proves_nothing_and_says_nothing(check, said, capsys):
    assert check.run() is None
    assert (said(), published(capsys)) == ([], [])
