"""The two things AWS keeps for us: the secrets, and what is known of each."""

from datetime import timedelta

import boto3
import pytest

from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import ConnectorName
from appguard.secrets.model import SecretRecord
from appguard.secrets.names import SecretName
from appguard.secrets.policy import SecretKind
from appguard.secrets.provider import Stage
from appguard.secrets.store import SecretsManager
from tests.support.world import DEFECTS, LEAVE

HR = ConnectorName("hr-db")
NAME = SecretName.login(HR, LEAVE)


@pytest.fixture
def provider(world):
    return SecretsManager(boto3.client("secretsmanager"))


def test_a_secret_that_is_not_there_has_no_value_and_no_age(provider):
    assert provider.read(NAME) is None
    assert provider.changed_at(NAME) is None
    provider.delete(NAME)


def test_a_staged_value_follows_and_does_not_replace_the_current_one(provider):
    first = provider.stage(NAME, "first")
    provider.promote(NAME, first)
    provider.settle(NAME, first)
    second = provider.stage(NAME, "second")

    assert provider.read(NAME) == first
    assert provider.read(NAME, Stage.PENDING) == second


def test_a_promoted_value_is_in_force_and_the_one_before_it_is_the_previous(provider):
    for text in ("first", "second"):
        value = provider.stage(NAME, text)
        provider.promote(NAME, value)
        provider.promote(NAME, value)
        provider.settle(NAME, value)
        provider.settle(NAME, value)

    assert provider.read(NAME).text == "second"
    assert provider.read(NAME, Stage.PREVIOUS).text == "first"
    assert provider.read(NAME, Stage.PENDING) is None


def test_a_value_that_was_given_up_leaves_the_current_one(provider):
    first = provider.stage(NAME, "first")
    provider.promote(NAME, first)
    provider.settle(NAME, first)
    provider.settle(NAME, provider.stage(NAME, "second"))

    assert provider.read(NAME) == first
    assert provider.read(NAME, Stage.PENDING) is None


def test_a_deleted_secret_can_be_made_again_at_once(provider):
    provider.stage(NAME, "first")
    provider.delete(NAME)

    assert provider.stage(NAME, "second").text == "second"


def test_nothing_printed_shows_a_value(provider):
    assert "s3cret" not in repr(provider.stage(NAME, "s3cret"))


def event(world, fact="rotated"):
    return AuditEvent.of(
        f"secret.{fact}", Actor.system("secrets"), Resource(type="secret", id=NAME), world.clock()
    )


def saved(world, records, *, days=0, app=LEAVE):
    return records.save(SecretRecord.login(HR, app, world.clock() - timedelta(days=days)), event(world))


def test_a_record_is_found_by_name_by_app_and_by_age(world, records):
    old, young = saved(world, records, days=9), saved(world, records, days=1, app=DEFECTS)

    assert records.find(NAME) == old
    assert records.of_app(LEAVE) == [old]
    assert list(records.oldest(SecretKind.DATABASE_LOGIN)) == [old, young]
    assert list(records.oldest(SecretKind.DATABASE_LOGIN, world.clock() - timedelta(days=7))) == [old]
    assert list(records.oldest(SecretKind.SESSION_KEY)) == []


def test_what_is_exactly_as_old_as_the_policy_says_is_due(world, records):
    exactly = saved(world, records, days=7)

    assert list(records.oldest(SecretKind.DATABASE_LOGIN, world.clock() - timedelta(days=7))) == [exactly]


def test_of_two_who_write_at_once_one_is_told(world, records):
    record = saved(world, records)
    records.save(record, event(world))

    with pytest.raises(StaleVersion):
        records.save(record, event(world))


def test_a_retried_step_changes_nothing(world, records):
    because = event(world)
    first = records.save(SecretRecord.login(HR, LEAVE, world.clock()), because)

    assert records.save(first, because) == first
    assert world.actions("secret") == ["secret.rotated"]


def test_a_removed_record_leaves_its_event(world, records):
    records.remove(saved(world, records), event(world, "withdrawn"))

    assert records.find(NAME) is None
    assert "secret.withdrawn" in world.actions("secret")
