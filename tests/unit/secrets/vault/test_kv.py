"""The key-value engine as a provider: the same promises as Secrets Manager's."""

import json
from datetime import UTC, datetime

import pytest

from appguard.kernel.errors import StaleVersion
from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Stage

NAME = SecretName.login(ConnectorName("hr-db"), AppId("leave-request"))


def text(password):
    return json.dumps({"user": "a", "password": password})


def rotated(provider, password):
    value = provider.stage(NAME, text(password))
    provider.promote(NAME, value)
    provider.settle(NAME, value)
    return value


def test_a_secret_that_is_not_there_has_no_value_and_no_age(provider):
    assert provider.read(NAME) is None
    assert provider.read(NAME, Stage.PREVIOUS) is None
    assert provider.changed_at(NAME) is None
    provider.delete(NAME)


def test_what_people_put_there_is_read_as_it_is(vault, provider):
    vault.put(NAME, user="a", password="p")

    assert json.loads(provider.read(NAME).text) == {"user": "a", "password": "p"}
    assert datetime.now(UTC) >= provider.changed_at(NAME)


def test_a_staged_value_follows_and_does_not_replace_the_current_one(provider):
    first = rotated(provider, "first")
    second = provider.stage(NAME, text("second"))

    assert provider.read(NAME) == first
    assert provider.read(NAME, Stage.PENDING) == second


def test_a_promoted_value_is_in_force_and_keeps_its_name(provider):
    rotated(provider, "first")
    second = provider.stage(NAME, text("second"))
    provider.promote(NAME, second)
    provider.promote(NAME, second)

    assert provider.read(NAME) == second
    assert json.loads(provider.read(NAME, Stage.PREVIOUS).text)["password"] == "first"
    provider.settle(NAME, second)
    provider.settle(NAME, second)
    assert provider.read(NAME, Stage.PENDING) is None


def test_of_two_who_stage_at_once_one_is_told(provider):
    provider.stage(NAME, text("first"))

    with pytest.raises(StaleVersion):
        provider.stage(NAME, text("second"))


def test_a_value_somebody_else_put_in_force_meanwhile_is_not_overwritten(vault, provider, monkeypatch):
    pending = provider.stage(NAME, text("ours"))
    read = provider._read

    def then_somebody_else(_self, path):
        found = read(path)
        vault.put(NAME, user="a", password="theirs")
        return found

    monkeypatch.setattr(type(provider), "_read", then_somebody_else)
    with pytest.raises(StaleVersion):
        provider.promote(NAME, pending)


def test_a_deleted_secret_can_be_made_again(provider):
    rotated(provider, "first")
    provider.stage(NAME, text("pending"))
    provider.delete(NAME)

    assert provider.read(NAME) is None
    assert json.loads(rotated(provider, "again").text)["password"] == "again"


def test_nothing_printed_shows_a_value(provider):
    assert "s3cret" not in repr(rotated(provider, "s3cret"))
