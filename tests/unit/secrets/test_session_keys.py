"""The session key of a micro app: nobody is signed out, whatever happens to a rotation."""

import json

import boto3
import pytest

from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.secrets.errors import RotationFailed
from appguard.secrets.model import SecretRecord
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Stage
from appguard.secrets.rotation import Rotation
from appguard.secrets.session_keys import SessionKeyMethod
from appguard.secrets.store import SecretsManager
from tests.support.secrets import Died, Fate
from tests.support.world import DEFECTS

NAME = SecretName.session_key(DEFECTS)
FIRST = "a" * 43


@pytest.fixture
def provider(world):
    boto3.client("secretsmanager").create_secret(Name=NAME, SecretString=json.dumps({"session_key": FIRST}))
    return SecretsManager(boto3.client("secretsmanager"))


@pytest.fixture
def method():
    keys = iter(f"{letter}" * 43 for letter in "bcdefg")
    return SessionKeyMethod(lambda: next(keys))


@pytest.fixture
def rotate(world, provider, records, method):
    record = records.save(SecretRecord.session_key(DEFECTS, world.clock()), registered(world))

    def once(fate=None):
        fate = fate or Fate()
        rotation = Rotation(fate.watch(provider), fate.watch(records), world.clock)
        rotation.rotate(records.find(record.name), method)

    return once


def registered(world):
    about = Resource(type="secret", id=NAME)
    return AuditEvent.of("secret.registered", Actor.system("secrets"), about, world.clock())


def keys(provider, stage=Stage.CURRENT):
    value = provider.read(NAME, stage)
    return json.loads(value.text) if value else None


def test_a_rotation_puts_a_new_key_and_keeps_the_one_before_it(world, provider, rotate):
    rotate()

    assert keys(provider) == {"session_key": "b" * 43, "previous": FIRST}
    assert keys(provider, Stage.PENDING) is None
    assert world.actions("secret") == ["secret.registered", "secret.rotated"]


def test_a_second_rotation_forgets_the_oldest_key(provider, rotate):
    rotate()
    rotate()

    assert keys(provider) == {"session_key": "c" * 43, "previous": "b" * 43}


STEPS = ["read the current", "read the pending", "stage", "promote", "save"]


@pytest.mark.parametrize("dies_after", range(1, len(STEPS) + 1), ids=STEPS)
def test_a_rotation_that_died_is_resumed_with_the_same_key_and_recorded_once(
    world, provider, rotate, dies_after
):
    with pytest.raises(Died):
        rotate(Fate(dies_after))

    assert FIRST in keys(provider).values(), "somebody is signed out"
    rotate()

    assert keys(provider) == {"session_key": "b" * 43, "previous": FIRST}
    assert keys(provider, Stage.PENDING) is None
    assert world.actions("secret") == ["secret.registered", "secret.rotated"]


def test_a_pending_key_that_would_sign_everybody_out_is_dropped(provider, rotate):
    provider.stage(NAME, json.dumps({"session_key": "x" * 43, "previous": "y" * 43}))

    with pytest.raises(RotationFailed):
        rotate()
    rotate()

    assert keys(provider)["previous"] == FIRST


def test_no_key_is_in_the_event_or_in_print(world, provider, rotate):
    rotate()

    [event] = world.events("secret.rotated")
    assert "b" * 43 not in event.model_dump_json()
