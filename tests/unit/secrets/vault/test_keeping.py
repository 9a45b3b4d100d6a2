"""Logins that lie in Vault: made, replaced and withdrawn as if they lay elsewhere."""

import json

import pytest

from appguard.kernel.ids import AppId
from appguard.secrets.keeper import Keeper
from appguard.secrets.names import SecretName
from appguard.secrets.policy import secret_policy
from appguard.secrets.sources import Sources
from tests.support.secrets import InMemory
from tests.unit.secrets.conftest import HR

APP = AppId("leave-request")
NAME = SecretName.login(HR, APP)


@pytest.fixture
def vault(vault, secrets):
    """It holds what the other provider holds."""
    for name in (SecretName.server(HR), SecretName.administrator(HR)):
        vault.put(name, **json.loads(secrets.read(name).text))
    return vault


@pytest.fixture
def keeper(world, vault, provider, records):
    kept = Sources(provider)
    return Keeper(provider, InMemory(), records, kept, world.apps, {HR}, secret_policy(), world.clock)


def test_a_login_is_made_there_and_gone_with_its_app(keeper, vault, provider, records, database):
    keeper.provide(APP, [HR])
    assert json.loads(provider.read(NAME).text)["user"] == database.roles()[0]

    for record in records.of_app(APP):
        keeper._withdrawn(record)
    assert provider.read(NAME) is None
    assert database.roles() == []


def test_a_vault_sealed_in_the_midst_leaves_a_rotation_that_the_next_run_finishes(
    keeper, vault, provider, records, monkeypatch
):
    monkeypatch.setattr(Keeper, "_needed", lambda *_: True)
    keeper.provide(APP, [HR])
    before, promote = provider.read(NAME), type(provider).promote

    def then_sealed(self, name, pending):
        vault.sealed = True
        promote(self, name, pending)

    with monkeypatch.context() as patch:
        patch.setattr(type(provider), "promote", then_sealed)
        assert NAME in keeper.rotate_app(APP).left
    vault.sealed = False
    assert provider.read(NAME) == before

    assert NAME in keeper.rotate_app(APP).rotated
    assert json.loads(provider.read(NAME).text)["user"] != json.loads(before.text)["user"]
