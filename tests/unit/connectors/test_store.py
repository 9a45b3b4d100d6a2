import json

import boto3
import pytest
from moto import mock_aws

from appguard.connectors.store import Logins
from appguard.kernel.errors import Misconfigured

NAME = "appguard/connectors/hr-db"
LOGIN = {"host": "db.example.com", "port": 5432, "dbname": "hr", "user": "hr_broker", "password": "p4ss"}


@pytest.fixture
def secrets(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with mock_aws():
        yield boto3.client("secretsmanager", "eu-west-1")


def test_a_login_is_read_once_and_again_when_asked_afresh(secrets):
    secrets.create_secret(Name=NAME, SecretString=json.dumps(LOGIN))
    logins = Logins(secrets)
    assert logins.get(NAME).password.get_secret_value() == "p4ss"
    secrets.put_secret_value(SecretId=NAME, SecretString=json.dumps(LOGIN | {"password": "new"}))
    assert logins.get(NAME).password.get_secret_value() == "p4ss"
    assert logins.get(NAME, fresh=True).password.get_secret_value() == "new"
    assert logins.get(NAME).password.get_secret_value() == "new"


def test_a_rotated_password_is_noticed_after_five_minutes(secrets):
    clock = [0.0]
    secrets.create_secret(Name=NAME, SecretString=json.dumps(LOGIN))
    logins = Logins(secrets, lambda: clock[0])
    logins.get(NAME)
    secrets.put_secret_value(SecretId=NAME, SecretString=json.dumps(LOGIN | {"password": "new"}))
    clock[0] = 301
    assert logins.get(NAME).password.get_secret_value() == "new"


def test_a_login_demands_a_verified_connection_unless_told_otherwise(secrets):
    secrets.create_secret(Name=NAME, SecretString=json.dumps(LOGIN))
    assert Logins(secrets).get(NAME).sslmode == "verify-full"


def test_nothing_printed_shows_the_password(secrets):
    secrets.create_secret(Name=NAME, SecretString=json.dumps(LOGIN))
    assert "p4ss" not in repr(Logins(secrets).get(NAME))


@pytest.mark.parametrize(
    "value", ["not json: p4ss", "{}", '{"password": "p4ss"}', json.dumps(LOGIN | {"sslmode": "prefer"})]
)
def test_a_secret_that_is_no_login_is_a_fault_of_the_deployment_told_without_it(secrets, value):
    secrets.create_secret(Name=NAME, SecretString=value)
    with pytest.raises(Misconfigured) as told:
        Logins(secrets).get(NAME)
    assert "p4ss" not in told.value.message


def test_a_missing_secret_is_named(secrets):
    with pytest.raises(Misconfigured, match=NAME):
        Logins(secrets).get(NAME)


def test_digests_do_not_change_with_the_password_when_they_have_a_key_of_their_own(secrets):
    secrets.create_secret(Name=NAME, SecretString=json.dumps(LOGIN | {"digest_key": "k"}))
    logins = Logins(secrets)
    before = logins.get(NAME).key
    rotated = LOGIN | {"digest_key": "k", "password": "new"}
    secrets.put_secret_value(SecretId=NAME, SecretString=json.dumps(rotated))
    assert logins.get(NAME, fresh=True).key == before
