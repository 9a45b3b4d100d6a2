import io
import json
from http import HTTPStatus

import boto3
import pytest
from botocore.stub import Stubber
from moto.s3.models import s3_backends

from appguard.audit.cosigning import Cosigning, WitnessRefused, invoked, witness_key
from appguard.audit.reader import in_bucket
from appguard.audit.verify import load_keys, verify_export
from appguard.kernel.errors import Unavailable
from appguard.kernel.event import RetentionClass
from appguard.witness.cosigning import holds
from appguard.witness.submission import Answer, Submission
from tests.support.witness import NAME

LOG = RetentionClass.THREE_YEARS


@pytest.fixture
def refusals(dynamodb):
    def found() -> list[str]:
        bodies = [json.loads(one["body"]["S"]) for one in dynamodb.scan(TableName="outbox")["Items"]]
        return [one["metadata"]["reason"] for one in bodies if one["action"] == "ledger.witness_refused"]

    return found


def test_a_checkpoint_is_kept_with_the_witnesss_signature_beside_the_logs(
    cosigning, seal, s3, event, witness_signer, exported
):
    seal(event(1))
    assert cosigning.cosign_all() == [LOG]
    note = in_bucket(s3, "ledger").checkpoint(LOG)
    kept = s3.get_object(Bucket="ledger", Key=witness_key(LOG, 1))
    body = kept["Body"].read()
    assert body.startswith(note)
    assert holds(body.removeprefix(note), NAME, witness_signer.public_key, note)
    assert kept["ObjectLockMode"] == "COMPLIANCE"


def test_it_asks_again_only_when_the_log_has_grown_and_then_proves_that_it_grew(cosigning, seal, event):
    for upto in (1, 300, 301):
        seal(*(event(n) for n in range(upto)))
        assert cosigning.cosign_all() == [LOG]
        assert cosigning.cosign_all() == []


def test_nothing_to_cosign_is_nothing_wrong(cosigning):
    assert cosigning.cosign_all() == []


def test_a_ledger_that_was_begun_again_is_refused_and_an_entry_says_so_once(
    cosigning, seal, s3, event, outbox, refusals
):
    """Who has every right of the platform can empty bucket and heads; the witness still remembers."""
    seal(event(1), event(2))
    cosigning.cosign_all()
    start_again()
    seal(event(3), event(4), event(5))
    for _ in range(2):
        with pytest.raises(ExceptionGroup) as told:
            cosigning.cosign_all()
        [error] = told.value.exceptions
        assert isinstance(error, WitnessRefused)
    [reason] = refusals()
    assert reason.startswith("inconsistent")


def test_a_ledger_cut_back_is_refused(cosigning, seal, s3, event, refusals):
    seal(event(1), event(2))
    cosigning.cosign_all()
    start_again()
    seal(event(3))
    with pytest.raises(ExceptionGroup):
        cosigning.cosign_all()
    [reason] = refusals()
    assert reason.startswith("rolled_back")


def start_again() -> None:
    """What only somebody could do who got round Object Lock."""
    s3_backends["123456789012"]["aws"].buckets["ledger"].keys.clear()
    dynamodb = boto3.client("dynamodb")
    for item in dynamodb.scan(TableName="ledger")["Items"]:
        dynamodb.delete_item(TableName="ledger", Key={name: item[name] for name in ("pk", "sk")})


def test_one_logs_trouble_does_not_keep_the_others_from_the_witness(cosigning, seal, s3, event):
    seal(event(1, kept=RetentionClass.ONE_YEAR))
    cosigning.cosign_all()
    start_again()
    seal(event(2, kept=RetentionClass.ONE_YEAR), event(3))
    with pytest.raises(ExceptionGroup):
        cosigning.cosign_all()
    assert s3.head_object(Bucket="ledger", Key=witness_key(LOG, 1))


def test_an_answer_without_the_witnesss_signature_is_not_kept(cosigning, seal, event, s3):
    seal(event(1))
    forged = Cosigning(
        cosigning.objects,
        lambda _: Answer(HTTPStatus.OK, f"— {NAME} AAAA\n"),
        NAME,
        cosigning.witness_key,
        cosigning.outbox,
    )
    with pytest.raises(Unavailable):
        forged.cosign(LOG)
    assert cosigning.cosign(LOG)


@pytest.fixture
def lambda_(aws):
    client = boto3.client("lambda")
    with Stubber(client) as stub:
        yield client, stub


def test_the_witness_is_reached_by_invoking_its_function(lambda_):
    client, stub = lambda_
    submission = Submission(3, (b"h" * 32,), b"note")
    said = {"statusCode": 409, "headers": {"Content-Type": "text/x.tlog.size"}, "body": "7\n"}
    wanted = {"FunctionName": "witness", "Payload": json.dumps({"body": submission.body().decode()})}
    stub.add_response("invoke", {"Payload": io.BytesIO(json.dumps(said).encode())}, wanted)
    assert invoked(client, "witness")(submission).known_size == 7


def test_a_witness_that_fails_is_asked_another_time(lambda_):
    client, stub = lambda_
    stub.add_response("invoke", {"Payload": io.BytesIO(b"{}"), "FunctionError": "Unhandled"})
    with pytest.raises(Unavailable):
        invoked(client, "witness")(Submission(0, (), b"note"))


def test_the_verifier_reads_what_the_witness_signed(cosigning, seal, event, exported):
    seal(event(1), event(2))
    cosigning.cosign_all()
    folder = exported()
    verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))
