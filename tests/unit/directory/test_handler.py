import json

import boto3
import pytest

from appguard.directory.handler import MAX_BODY, scim
from tests.support.scim import TOKEN
from tests.unit.connectors.test_handler import CONTEXT
from tests.unit.directory.scim.conftest import deployed  # noqa: F401 - the same deployment
from tests.unit.directory.test_directory import told

pytestmark = pytest.mark.usefixtures("deployed")


def ask(method="GET", path="/Users", token=TOKEN, **event):
    answer = scim(
        {
            "rawPath": f"/scim/v2{path}",
            "headers": {"authorization": f"Bearer {token}"},
            "requestContext": {"http": {"method": method}},
            **event,
        },
        CONTEXT,
    )
    return answer["statusCode"], answer["headers"], json.loads(answer["body"] or "null")


def test_without_the_token_nothing_is_told_not_even_what_there_is():
    for path in ("/Users", "/ServiceProviderConfig", "/nowhere"):
        status, headers, body = ask(path=path, token="guess")
        assert (status, body["detail"]) == (401, "this token opens nothing")
        assert headers["content-type"] == "application/scim+json"


def test_whoever_has_no_token_is_in_the_ledger_once_a_minute(dynamodb):
    for _ in range(3):
        ask(token="guess")
    refused = [event for event in told(dynamodb) if event["action"] == "access.denied"]
    assert 1 <= len(refused) <= 2  # a minute may turn between the tries
    assert (refused[0]["resource"]["id"], refused[0]["result"]) == ("/scim/v2", "denied")


def test_somebody_new_has_an_address():
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ana",
        "emails": [{"value": "ana@example.com"}],
    }
    status, headers, body = ask("POST", body=json.dumps(user))
    assert status == 201
    assert headers["location"] == f"https://portal.example.com/scim/v2/Users/{body['id']}"
    assert ask(path=f"/Users/{body['id']}")[0] == 200
    assert ask("DELETE", f"/Users/{body['id']}")[::2] == (204, None)


def test_too_much_is_refused_unread():
    assert ask("POST", body="x" * (2 * MAX_BODY + 1))[0] == 413


def test_what_is_wrong_with_us_is_told_without_its_insides(monkeypatch):
    monkeypatch.setattr("appguard.directory.handler.service", lambda: 1 / 0)
    status, _, body = ask()
    assert (status, body["detail"]) == (500, "something went wrong on our side")


def test_a_missing_secret_is_our_mistake():
    boto3.client("secretsmanager").delete_secret(
        SecretId="appguard/directory/scim", ForceDeleteWithoutRecovery=True
    )
    assert ask()[0] == 500
