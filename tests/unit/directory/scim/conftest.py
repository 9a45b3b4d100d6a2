import boto3
import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import ScimProvider

from appguard.audit.outbox import outbox
from appguard.directory.scim.service import service
from appguard.directory.scim.shapes import POLICY
from appguard.directory.store import kept
from appguard.directory.token import gate
from appguard.secrets.provider import provider
from tests.support.scim import AT, ORIGIN, TOKEN, application, secret

FACTORIES = (outbox, service, kept, gate, provider)


@pytest.fixture
def deployed(dynamodb, monkeypatch):
    """The function as it is deployed, with its token in the secret."""
    for name, value in {
        "DIRECTORY_TABLE": "directory",
        "OUTBOX_TABLE": "outbox",
        "PORTAL_URL": ORIGIN,
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    for factory in FACTORIES:
        factory.cache_clear()
    boto3.client("secretsmanager").create_secret(Name="appguard/directory/scim", SecretString=secret())
    yield
    for factory in FACTORIES:
        factory.cache_clear()


@pytest.fixture
def client(deployed):
    """A SCIM client of somebody else's making."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    found = WSGISCIMClient(application, AT, headers=headers, provider=ScimProvider(policy=POLICY))
    found.discover()
    return found
