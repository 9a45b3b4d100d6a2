import pytest

from appguard.gates.sbom import sbom
from appguard.operations.archive import Archive
from appguard.operations.retirement import Retirement
from appguard.operations.store import ArchiveStore
from appguard.operations.suspension import Suspension
from appguard.operations.sweep import Sweep
from appguard.reviews.steps import Judgement
from tests.support.world import world_on_moto


@pytest.fixture
def world(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        yield world


class Places:
    """Where apps run, seen from operations: which are switched off, which are gone."""

    def __init__(self):
        self.concurrency, self.removed, self.slow = {}, [], False

    def pause(self, app_id):
        self.concurrency[app_id] = 0

    def resume(self, app_id, _digest):
        self.concurrency[app_id] = 5

    def remove(self, app_id):
        if not self.slow:
            self.removed.append(app_id)
        return not self.slow


@pytest.fixture
def places():
    return Places()


@pytest.fixture
def suspension(world, places):
    return Suspension(world.apps, places, world.exceptions.lapsed)


def attested(review):
    """The attestation documents of a review."""
    return {"attestation.dsse.json": f"signed for {review.execution}".encode()}


@pytest.fixture
def retirement(world, places):
    archive = Archive(
        ArchiveStore(world.s3, "archive"), world.apps, world.reviews, world.results, sbom, attested
    )
    return Retirement(world.apps, places, archive)


@pytest.fixture
def sweep(world, suspension, retirement):
    return Sweep(world.apps, suspension, retirement, world.exceptions, world.clock)


@pytest.fixture
def published(world):
    """A published app; its idle date is in 60 days, its retirement in six months."""
    step = world.submitted()
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    return step
