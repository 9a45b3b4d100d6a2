import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from appguard.kernel.ids import BundleDigest
from appguard.provenance import dsse
from appguard.provenance.accept import Acceptance
from appguard.provenance.attest import Attest
from appguard.provenance.key_file import load_keys
from appguard.provenance.signing import BuilderKey
from appguard.provenance.sources import Sources
from appguard.provenance.store import ENVELOPE, Attestations, Place
from appguard.provenance.verify import Expected
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.kms import Kms
from tests.support.world import LEAVE, RISKY, ROB, World, world_on_moto


@dataclass
class Notary:
    """The step `Attest` in a world, and whoever checks its work."""

    world: World
    kms: Kms = field(default_factory=Kms)
    protected: Sources = field(default_factory=Sources)

    def __post_init__(self) -> None:
        self.key = BuilderKey(self.kms, "key")
        self.store = Attestations(self.world.s3, "artifacts")
        self.acceptance = Acceptance(
            self.store, lambda: {self.key.keyid: self.key.holds}, self.world.apps, lambda: self.protected
        )
        self.world.attested = self.acceptance.recorded

    @property
    def step(self) -> Attest:
        world = self.world
        return Attest(
            world.reviews,
            world.apps,
            world.results,
            self.store,
            self.acceptance,
            lambda: self.key,
            Path("policies"),
        )

    def approved(self, app_id=LEAVE, bundle=RISKY) -> StepInput:
        """A review that was approved by Rob; its gates found nothing."""
        step = self.world.submitted(app_id, bundle)
        self.world.gates_say(step)
        self.world.clock.pass_(minutes=5)
        self.world.steps.approve(step, Judgement(decided_by=ROB.id))
        return step

    def attested(self, step: StepInput) -> bytes:
        """The envelope of a review, once attested."""
        self.step.attest(step)
        body = self.store.find(Place(step.app_id, step.bundle_digest, step.execution), ENVELOPE)
        assert body is not None
        return body

    def seal(self, payload: Any, payload_type: str = dsse.PAYLOAD_TYPE, key: BuilderKey | None = None):
        """An envelope around `payload`, signed by our key or another one."""
        key = key or self.key
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        sealed = json.loads(dsse.seal(body, key.keyid, key.sign(dsse.pae(payload_type, body))))
        return json.dumps({**sealed, "payloadType": payload_type}).encode()


@dataclass(frozen=True)
class Case:
    """An attestation that holds, and what is needed to spoil it."""

    notary: Notary
    step: StepInput
    envelope: bytes

    @property
    def keys(self):
        return load_keys(self.notary.kms.spki)

    @property
    def expected(self) -> Expected:
        return Expected(self.step.app_id, BundleDigest(self.step.bundle_digest), self.step.execution)

    @property
    def statement(self) -> dict[str, Any]:
        return json.loads(dsse.read(self.envelope).content)


@pytest.fixture
def world(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        yield world


@pytest.fixture
def notary(world):
    return Notary(world)


@pytest.fixture
def case(notary):
    step = notary.approved()
    return Case(notary, step, notary.attested(step))
