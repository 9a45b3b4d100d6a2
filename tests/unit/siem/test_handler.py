"""A function as it is called: settings, secret, ledger and cursors on AWS's side, a SIEM on the other."""

import json
from types import SimpleNamespace

import boto3
import pytest

from appguard.audit import outbox as outbox_module
from appguard.kernel.errors import Misconfigured
from appguard.kernel.event import RetentionClass
from appguard.secrets import provider as provider_module
from appguard.siem import handler, store
from appguard.siem.credentials import HecToken, credentials
from appguard.siem.model import DestinationName
from tests.support.siem_server import TOKEN, serving
from tests.support.tables import table

CONTEXT = SimpleNamespace(
    get_remaining_time_in_millis=lambda: 300_000,
    function_name="f",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-central-1:111122223333:function:f",
    aws_request_id="r",
)


@pytest.fixture
def siem(dynamodb, s3, monkeypatch):
    table(dynamodb, "siem")
    caches = (store.deliveries, outbox_module.outbox, provider_module.provider, provider_module.apps_own)
    for one in caches:
        one.cache_clear()
    with serving() as running:
        words = {
            "LEDGER_BUCKET": "ledger",
            "OUTBOX_TABLE": "outbox",
            "SIEM_TABLE": "siem",
            "SIEM_SPLUNK_URL": running.address,
            "SIEM_OPENSEARCH_URL": running.address,
            "SIEM_OPENSEARCH_INDEX": "appguard",
            "SIEM_LAKE_BUCKET": "lake",
            "SIEM_ACCOUNT": "111122223333",
            "AWS_REGION": "eu-central-1",
        }
        for name, value in words.items():
            monkeypatch.setenv(name, value)
        yield running
    for one in caches:
        one.cache_clear()


def keep(name, **content):
    boto3.client("secretsmanager").create_secret(
        Name=f"appguard/siem/{name}", SecretString=json.dumps(content)
    )


def test_splunk_gets_what_is_sealed_with_the_token_of_its_secret(siem, seal, event, capsys):
    keep("splunk", token=TOKEN)
    events = [event(n) for n in range(3)] + [event(9, kept=RetentionClass.SEVEN_YEARS)]
    seal(*events)
    answer = handler.splunk({}, CONTEXT)
    assert (answer["state"], answer["delivered"], answer["batchItemFailures"]) == ("done", 4, [])
    assert siem.has() == {one.event_id for one in events}
    assert TOKEN not in capsys.readouterr().out


def test_opensearch_gets_every_event_once_however_often_it_is_sent(siem, seal, event, dynamodb):
    keep("opensearch", user="appguard", password="p")
    seal(*(event(n) for n in range(3)))
    assert handler.opensearch({}, CONTEXT)["delivered"] == 3
    dynamodb.delete_table(TableName="siem")
    table(dynamodb, "siem")
    assert handler.opensearch({}, CONTEXT)["delivered"] == 3
    assert len(siem.documents) == 3


def test_the_lake_gets_objects(siem, seal, event, s3):
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    seal(event(0))
    assert handler.lake({}, CONTEXT)["delivered"] == 1
    [stored] = s3.list_objects_v2(Bucket="lake")["Contents"]
    assert stored["Key"].startswith(
        "ext/appguard_6002/region=eu-central-1/accountId=111122223333/eventDay=2026"
    )


def test_the_lag_is_a_metric_that_the_alarm_looks_at(siem, seal, event, capsys):
    keep("splunk", token="wrong")
    seal(event(0))
    assert handler.splunk({}, CONTEXT)["state"] == "siem_refused"
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    [lag] = [one for one in metrics if "SiemLag" in one]
    assert lag["Destination"] == "splunk"
    assert lag["SiemLag"][0] > 3600


@pytest.mark.parametrize("content", [None, "{}", '{"token": 5, "x": 1}', "secret-words"])
def test_a_secret_that_is_missing_or_wrong_skips_nothing_and_is_told(siem, seal, event, content):
    if content is not None:
        boto3.client("secretsmanager").create_secret(Name="appguard/siem/splunk", SecretString=content)
    seal(event(0))
    answer = handler.splunk({}, CONTEXT)
    assert (answer["state"], answer["delivered"]) == ("misconfigured", 0)
    assert answer["lag"]["3y"] > 3600
    assert store.deliveries().state(DestinationName.SPLUNK) == f"misconfigured: {answer['trouble']}"


def test_what_is_said_of_a_wrong_secret_names_it_and_quotes_nothing(siem):
    boto3.client("secretsmanager").create_secret(Name="appguard/siem/splunk", SecretString="secret-words")
    with pytest.raises(Misconfigured, match=r"appguard/siem/splunk must be JSON with ca, token") as refusal:
        credentials(provider_module.provider(), DestinationName.SPLUNK, HecToken)
    assert "secret-words" not in str(refusal.value)
