"""A board and a desk on moto, and a Slack on loopback."""

from dataclasses import dataclass, field
from functools import cached_property

import pytest

from appguard.approvals.channels.slack.api import SlackApi, slack
from appguard.approvals.channels.slack.board import Board
from appguard.approvals.channels.slack.denied import denied
from appguard.approvals.channels.slack.desk import Desk
from appguard.approvals.channels.slack.destinations import Destinations
from appguard.approvals.channels.store import ChannelStore
from tests.support.slack_server import CHANNEL, SECRET, TEAM, TOKEN, Slack, serving, signed
from tests.support.world import ANA, LEAVE, MIA, RISKY, ROB, SAM, World, approve_finding

KNOWN = {person.email: person for person in (ANA, ROB, SAM, MIA)}


@dataclass
class Office:
    """What the deployment would be: a world, its Slack, and who sits at which desk."""

    world: World
    server: Slack
    channel: str = CHANNEL
    people: dict = field(default_factory=lambda: dict(KNOWN))
    asked: list = field(default_factory=lambda: [ROB, SAM])

    @cached_property
    def api(self) -> SlackApi:
        return slack(TOKEN, self.server.url, patience=1, seconds=2)

    @cached_property
    def store(self) -> ChannelStore:
        return ChannelStore(self.world.dynamodb, "catalog", self.world.clock)

    @property
    def board(self) -> Board:
        destinations = Destinations(self.api, self.channel, lambda _: self.asked)
        return Board(self.api, self.store, self.world.summary, destinations)

    @property
    def desk(self) -> Desk:
        return Desk(
            self.api,
            self.store,
            self.world.approvals,
            self.world.summary,
            self.people.get,
            self.note,
            SECRET,
            TEAM,
            self.world.clock,
        )

    def note(self, approval_id, by, problem) -> None:
        approval = self.world.approvals.open(approval_id).approval
        self.world.outbox.record(denied(approval, by, problem, self.world.clock()))

    def send(self, body: str, **headers: str):
        """What Slack is told when it sends this now."""
        return self.desk.answer(body, signed(body, at=self.world.clock().timestamp(), **headers))

    def follow(self, prefix: str = "approval.") -> None:
        """The bus tells of every event there is, those of before included."""
        for event in self.world.events(prefix):
            self.board.follow(event)

    def ask(self, *findings) -> str:
        """A request that waits, and has been told of."""
        step = self.world.submitted(LEAVE, RISKY)
        self.world.gates_say(step, *findings)
        self.world.approvals.ask(step, "token")
        self.follow()
        return self.world.approvals.waiting()[0].approval_id

    def press(self, user: str, verdict: str, message: int = 0):
        """Press a button; the dialog that opened, or None."""
        before = len(self.server.views)
        said = self.send(self.server.press(user, self.server.messages[message], verdict))
        assert said is None
        return self.server.views[-1] if len(self.server.views) > before else None

    def confirm(self, user: str, view: dict, comment: str | None = None):
        return self.send(self.server.confirm(user, view, comment))


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def office(world, server):
    return Office(world, server)


@pytest.fixture
def risky(office):
    """A request with a finding that only a person may accept."""
    return office.ask(approve_finding())
