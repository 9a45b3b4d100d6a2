"""The deployed shape: an API Gateway event in, real tables (moto), a real database, a response out."""

import base64
import hashlib
import json
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from appguard.connectors import assembly, handler, store
from appguard.connectors.broker import Broker
from appguard.directory.store import kept
from appguard.kernel.oidc.issuer import Issuer
from tests.support.tables import catalog_and_outbox, directory
from tests.unit.connectors.provider import ACCOUNT, role_of

CONTEXT = SimpleNamespace(
    function_name="appguard-connectors-serve",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:111122223333:function:x",
    aws_request_id="r-1",
)


@pytest.fixture
def serving(broker: Broker, monkeypatch):
    monkeypatch.setattr(assembly, "broker", lambda: broker)


def post(path, body, token, *, role=None, encoded=False, method="POST"):
    content = json.dumps(body)
    return handler.serve(
        {
            "version": "2.0",
            "rawPath": path,
            "headers": {"x-appguard-user-token": token} if token else {},
            "requestContext": {
                "accountId": ACCOUNT,
                "http": {"method": method},
                "authorizer": {"iam": {"userArn": role or role_of("leave")}},
            },
            "body": base64.b64encode(content.encode()).decode() if encoded else content,
            "isBase64Encoded": encoded,
        },
        CONTEXT,
    )


def test_a_query_answers_json_that_nobody_may_cache(serving, provider):
    answer = post("/connectors/hr-db/queries/my_profile", {"parameters": {}}, provider.token())
    assert answer["statusCode"] == 200
    assert answer["headers"]["cache-control"] == "no-store"
    assert json.loads(answer["body"])["row_count"] == 1


def test_a_stage_in_the_path_and_an_encoded_body_change_nothing(serving, provider):
    path, body = "/$default/connectors/hr-db/queries/my_leave_balance", {"parameters": {"year": 2026}}
    answer = post(path, body, provider.token(), encoded=True)
    assert json.loads(answer["body"])["row_count"] == 2


def test_a_command_answers_how_many_rows_changed(serving, provider):
    values = {"office": "Lisbon", "place": "Lift", "description": "Stuck"}
    answer = post(
        "/connectors/office-directory/commands/report_defect", {"parameters": values}, provider.token()
    )
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"affected": 1})


@pytest.mark.parametrize(
    ("wanted", "media_type", "start"),
    [
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("json", "application/json", b"{"),
    ],
)
def test_an_export_answers_the_bytes_that_the_ledger_knows(
    serving, provider, witness, wanted, media_type, start
):
    answer = post(
        "/connectors/office-directory/queries/company_holidays/export",
        {"format": wanted, "purpose": "Calendar on the wall", "parameters": {"year": 2026}},
        provider.token(),
    )
    content, entry = base64.b64decode(answer["body"]), witness.last
    assert answer["isBase64Encoded"]
    assert content.startswith(start)
    assert answer["headers"]["content-type"] == media_type
    assert answer["headers"]["content-disposition"].endswith(f'-{entry.event_id}.{wanted}"')
    assert answer["headers"]["x-appguard-ledger-entry"] == entry.event_id
    assert entry.metadata["format"] == wanted
    assert entry.metadata["file"] == "sha256:" + hashlib.sha256(content).hexdigest()


def test_a_blocked_export_answers_code_message_and_remediation(serving, provider):
    answer = post("/connectors/hr-db/queries/my_profile/export", {}, provider.token())
    error = json.loads(answer["body"])["error"]
    assert (answer["statusCode"], error["code"]) == (403, "export_blocked")
    assert set(error) == {"code", "message", "remediation"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/connectors/hr-db/queries/my_profile"),
        ("POST", "/"),
        ("POST", "/connectors/hr-db"),
        ("POST", "/connectors/hr-db/queries/my_profile/export/more"),
        ("POST", "/connectors/hr-db/commands/request_leave/export"),
        ("POST", "/a/b/connectors/hr-db/queries/my_profile"),
    ],
)
def test_there_is_nothing_else_to_call(serving, provider, method, path):
    assert post(path, {}, provider.token(), method=method)["statusCode"] == 404


def test_identity_in_headers_and_body_is_not_believed(serving, provider, witness):
    body = {"parameters": {}, "user_email": "mia@example.com"}
    assert post("/connectors/hr-db/queries/my_profile", body, provider.token())["statusCode"] == 400
    assert post("/connectors/hr-db/queries/my_profile", {}, "")["statusCode"] == 401
    assert witness.last.actor.id == "leave"


def test_a_fault_of_our_own_says_nothing_of_its_cause(serving, provider, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("DE00370400440532013000")

    monkeypatch.setattr("appguard.connectors.broker.table_of", broken)
    answer = post("/connectors/hr-db/queries/my_profile", {"parameters": {}}, provider.token())
    assert (answer["statusCode"], json.loads(answer["body"])["error"]["code"]) == (500, "broker_failed")
    assert "DE0037" not in json.dumps(answer) + str([vars(record) for record in caplog.records])


def test_an_outbox_that_does_not_answer_withholds_the_data(serving, provider, witness, caplog):
    witness.broken = True
    answer = post("/connectors/hr-db/queries/my_profile", {"parameters": {}}, provider.token())
    assert (answer["statusCode"], json.loads(answer["body"])["error"]["code"]) == (500, "internal")
    assert "Ana" not in answer["body"]
    assert caplog.records[-1].cause == "ConnectionError"


def test_the_assembled_broker_reads_its_login_and_records_in_the_outbox(database, provider, monkeypatch):
    """No stand-in but the identity provider: catalog says no, and that is in the outbox table."""
    words = {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "CATALOG_TABLE": "catalog",
        "OUTBOX_TABLE": "outbox",
        "ARTIFACTS_BUCKET": "artifacts",
        "OIDC_ISSUER": "https://sign-in.example.com",
        "OIDC_CLIENT_ID": "appguard",
        "BUDGETS_TABLE": "budgets",
        "PORTAL_URL": "https://portal.example.com",
        "DIRECTORY_TABLE": "directory",
    }
    for name, value in words.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(assembly, "Issuer", lambda url: Issuer(url, provider.fetch))
    caches = (assembly.broker, assembly.catalog, assembly.outbox, assembly.directory, kept, store.logins)
    with mock_aws():
        client = boto3.client("dynamodb")
        catalog_and_outbox(client)
        directory(client)
        for cached in caches:
            cached.cache_clear()
        try:
            answer = post("/connectors/hr-db/queries/my_profile", {"parameters": {}}, provider.token())
        finally:
            for cached in caches:
                cached.cache_clear()
        assert json.loads(answer["body"])["error"]["code"] == "not_granted"
        (row,) = client.scan(TableName="outbox")["Items"]
    assert json.loads(row["body"]["S"])["metadata"]["code"] == "not_granted"
