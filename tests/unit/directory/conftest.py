import boto3
import pytest
from moto import mock_aws

from appguard.audit.outbox import Outbox
from appguard.directory.directory import Directory
from appguard.directory.store import DirectoryStore
from tests.support.tables import catalog_and_outbox
from tests.support.tables import directory as directory_table
from tests.support.world import Clock


@pytest.fixture
def dynamodb(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        catalog_and_outbox(client)
        directory_table(client)
        yield client


@pytest.fixture
def store(dynamodb):
    return DirectoryStore(dynamodb, Outbox(dynamodb, "outbox"), "directory")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def people(store, clock):
    return Directory(store, clock)
