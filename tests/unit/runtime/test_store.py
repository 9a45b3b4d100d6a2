import json

import boto3
import pytest
from moto import mock_aws

from appguard.kernel.errors import Misconfigured, Unavailable
from appguard.runtime.fetch import Reply
from appguard.runtime.store import SessionSecret, endpoint

NAME = "appguard/apps/leave-request"
NEW, OLD = "n" * 40, "o" * 40


class Service:
    """The wire of Secrets Manager in front of moto's; refuses what is not signed for it."""

    def __init__(self, client):
        self.client = client

    def __call__(self, method, url, *, headers, body):
        signed = "/eu-central-1/secretsmanager/aws4_request" in headers["Authorization"]
        if (method, headers["x-amz-target"], signed) != ("POST", "secretsmanager.GetSecretValue", True):
            return Reply(400, {}, b"{}")
        try:
            found = self.client.get_secret_value(**json.loads(body))
        except self.client.exceptions.ResourceNotFoundException:
            return Reply(400, {}, b'{"__type": "ResourceNotFoundException"}')
        return Reply(200, {}, json.dumps({"SecretString": found["SecretString"]}).encode())


@pytest.fixture
def client(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    with mock_aws():
        yield boto3.client("secretsmanager", "eu-central-1")


class Time:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def ticks():
    return Time()


def secret(client, ticks, **content):
    client.create_secret(Name=NAME, SecretString=json.dumps(content))
    return SessionSecret(NAME, fetch=Service(client), ticks=ticks)


def rotate(client, **content):
    client.put_secret_value(SecretId=NAME, SecretString=json.dumps(content))


def test_the_current_key_comes_first_and_the_previous_still_counts(client, ticks):
    assert secret(client, ticks, session_key=NEW, previous=OLD).keys() == (NEW, OLD)


def test_a_rotation_is_noticed_when_looked_for(client, ticks):
    found = secret(client, ticks, session_key=OLD)
    found.keys()
    rotate(client, session_key=NEW, previous=OLD)
    ticks.now += 61
    assert found.keys() == (OLD,)
    assert found.reread()
    assert found.keys() == (NEW, OLD)


def test_forged_cookies_cannot_make_us_read_the_secret_more_than_once_a_minute(client, ticks):
    found = secret(client, ticks, session_key=OLD)
    found.keys()
    rotate(client, session_key=NEW)
    ticks.now += 59
    assert not found.reread()
    assert found.keys() == (OLD,)


@pytest.mark.parametrize(
    "content", [{}, {"session_key": ""}, {"session_key": "short"}, {"session_key": 5}], ids=str
)
def test_a_secret_of_another_shape_is_the_platforms_fault(client, ticks, content):
    with pytest.raises(Misconfigured):
        secret(client, ticks, **content).keys()


def test_a_secret_that_cannot_be_read_says_so_and_no_more(client, ticks):
    with pytest.raises(Unavailable, match="cannot read its own secret"):
        SessionSecret("appguard/apps/another", fetch=Service(client), ticks=ticks).keys()


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({}, "https://secretsmanager.eu-central-1.amazonaws.com/"),
        ({"AWS_REGION": "cn-north-1"}, "https://secretsmanager.cn-north-1.amazonaws.com.cn/"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566/"),
        (
            {"AWS_ENDPOINT_URL": "http://x", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://vpce.example/"},
            "https://vpce.example/",
        ),
    ],
    ids=str,
)
def test_the_service_is_found_as_the_sdks_find_it(monkeypatch, variables, address):
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SECRETS_MANAGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert endpoint() == address
