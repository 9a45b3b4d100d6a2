from dataclasses import dataclass, field
from functools import cached_property

import pytest

from appguard.apps.bundle import Bundle
from appguard.kernel.ids import AppId
from appguard.kernel.oidc.issuer import Issuer
from appguard.provenance.sources import Forge, Sources
from appguard.submissions.identity import Runs
from appguard.submissions.links import Links
from appguard.submissions.store import LinkStore
from appguard.submissions.submit import Submissions
from tests.support.forge import GITHUB, GITLAB, PORTAL, REPOSITORY, CiIssuer
from tests.support.world import ANA, DEFECTS, REQUESTER, ROB, World, harmless, world_on_moto

BELIEVED = Sources(
    forges=(
        Forge(kind="github", issuer=GITHUB, address="https://github.com", people={"Rob-Pushes": ROB.id}),
        Forge(kind="gitlab", issuer=GITLAB, address=GITLAB),
    )
)


@dataclass
class Door:
    """Where submissions come in, in a world; Ana's app is linked to the top of its repository."""

    world: World
    hub: CiIssuer = field(default_factory=CiIssuer)
    lab: CiIssuer = field(default_factory=lambda: CiIssuer(GITLAB))
    believed: Sources = BELIEVED

    def fetch(self, url: str, form: bytes | None = None) -> bytes:
        return (self.lab if url.startswith(GITLAB) else self.hub).fetch(url, form)

    @cached_property
    def links(self) -> Links:
        store = LinkStore(self.world.dynamodb, self.world.outbox, "catalog")
        return Links(store, lambda: self.believed, self.world.clock)

    @cached_property
    def submissions(self) -> Submissions:
        runs = Runs(lambda: self.believed, PORTAL, issuer=lambda url: Issuer(url, self.fetch))
        return Submissions(runs, self.links, self.world.apps, self.world.reviews, self.world.clock)

    def app(self, repository: str = REPOSITORY, folder: str = ".") -> AppId:
        self.world.apps.create(DEFECTS, "Broken things", "", "Facilities", ANA)
        self.links.link(DEFECTS, repository, folder, REQUESTER)
        return DEFECTS

    def send(self, token: str | None = None, bundle: Bundle | None = None, folder: str = "."):
        given = self.hub.token() if token is None else token
        return self.submissions.receive(given, DEFECTS, folder, (bundle or harmless()).to_zip())


@pytest.fixture
def world(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        yield world


@pytest.fixture
def door(world):
    return Door(world)
