import json

import boto3
import pytest

from appguard.provisioning.errors import RotationFailed
from appguard.provisioning.rotation import Rotation, Rotator
from appguard.reviews.steps import Judgement
from tests.support.world import DEFECTS

NAME = "appguard/apps/defects"
FIRST = "a" * 43


@pytest.fixture
def client(world):
    client = boto3.client("secretsmanager")
    client.create_secret(Name=NAME, SecretString=json.dumps({"session_key": FIRST}))
    return client


@pytest.fixture
def rotator(world, client):
    keys = iter(f"{letter}" * 43 for letter in "bcdefg")
    return Rotator(client, world.outbox, world.apps, world.clock, lambda: next(keys))


def keys(client):
    return json.loads(client.get_secret_value(SecretId=NAME, VersionStage="AWSCURRENT")["SecretString"])


def pending(client):
    stages = client.describe_secret(SecretId=NAME)["VersionIdsToStages"].values()
    return [s for s in stages if "AWSPENDING" in s]


def test_a_rotation_puts_a_new_key_and_keeps_the_one_before_it(world, client, rotator):
    rotator.rotate_one(DEFECTS)

    assert keys(client) == {"session_key": "b" * 43, "previous": FIRST}
    assert pending(client) == []
    assert world.actions("secret") == ["secret.rotated"]


def test_a_second_rotation_forgets_the_oldest_key(client, rotator):
    rotator.rotate_one(DEFECTS)
    rotator.rotate_one(DEFECTS)

    assert keys(client) == {"session_key": "c" * 43, "previous": "b" * 43}


@pytest.mark.parametrize("dies_at", ["_test", "_finish", "_record", "_unstage"])
def test_a_rotation_that_died_is_resumed_with_the_same_key_and_recorded_once(
    world, client, rotator, monkeypatch, dies_at
):
    with monkeypatch.context() as broken:
        broken.setattr(Rotator, dies_at, dies)
        with pytest.raises(ConnectionError):
            rotator.rotate_one(DEFECTS)

    rotator.rotate_one(DEFECTS)

    assert keys(client) == {"session_key": "b" * 43, "previous": FIRST}
    assert pending(client) == []
    assert world.actions("secret") == ["secret.rotated"]


def dies(*_args):
    raise ConnectionError("the process died here")


def test_a_pending_key_that_would_sign_everybody_out_is_dropped(client, rotator):
    stranger = json.dumps({"session_key": "x" * 43, "previous": "y" * 43})
    client.put_secret_value(SecretId=NAME, SecretString=stranger, VersionStages=["AWSPENDING"])

    with pytest.raises(RotationFailed):
        rotator.rotate_one(DEFECTS)
    rotator.rotate_one(DEFECTS)

    assert keys(client)["previous"] == FIRST


def test_all_active_apps_are_rotated_and_one_apps_trouble_is_its_own(world, rotator):
    step = world.submitted()
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)

    assert rotator.rotate(Rotation()).rotated == [DEFECTS]
    assert rotator.rotate(Rotation(app_id="no-such-app")).failed == ["no-such-app"]


def test_no_key_is_in_the_event(world, rotator):
    rotator.rotate_one(DEFECTS)

    [event] = world.events("secret.rotated")
    assert "bbb" not in event.model_dump_json()
