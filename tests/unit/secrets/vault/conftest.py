import pytest

from appguard.secrets.vault.exchange import HttpExchange
from appguard.secrets.vault.iam import signed_identity
from appguard.secrets.vault.kv import VaultKeyValue
from appguard.secrets.vault.session import VaultSession
from tests.support.vault import Vault, running


@pytest.fixture
def vault():
    return Vault()


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def paused():
    return []


@pytest.fixture
def session(vault, clock, paused, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, f"value-of-{name}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with running(vault) as address:
        exchange = HttpExchange(address, paused.append)
        yield VaultSession(exchange, signed_identity(address, "appguard"), lambda: clock[0])


@pytest.fixture
def provider(session):
    return VaultKeyValue(session, "secret")
