import pytest

from appguard.kernel.errors import Misconfigured
from appguard.secrets.provider import apps_own, provider
from appguard.secrets.store import SecretsManager
from appguard.secrets.vault.kv import VaultKeyValue

VAULT = {"SECRETS_PROVIDER": "vault", "VAULT_ADDR": "https://vault.example.com", "VAULT_ROLE": "appguard"}


@pytest.fixture
def chosen(world, monkeypatch):
    def choose(**words):
        for name, value in words.items():
            monkeypatch.setenv(name, value)
        for made in (provider, apps_own):
            made.cache_clear()
        return provider()

    yield choose
    for made in (provider, apps_own):
        made.cache_clear()


def test_secrets_manager_is_what_a_deployment_uses_unless_it_says_otherwise(chosen):
    assert isinstance(chosen(), SecretsManager)


def test_a_deployment_may_choose_vault_and_session_keys_stay_with_their_stacks(chosen):
    assert isinstance(chosen(**VAULT), VaultKeyValue)
    assert isinstance(apps_own(), SecretsManager)


@pytest.mark.parametrize("missing", ["VAULT_ADDR", "VAULT_ROLE"])
def test_a_vault_nobody_named_is_a_fault_of_the_deployment(chosen, missing):
    with pytest.raises(Misconfigured, match=missing):
        chosen(**{name: value for name, value in VAULT.items() if name != missing})
