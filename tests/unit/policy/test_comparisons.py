"""A comparison runs elsewhere; what it found, or why it found nothing, is there for whoever looks."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from appguard.audit.outbox import Outbox
from appguard.kernel.event import Role
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person
from appguard.policy import comparisons as module
from appguard.policy import handler
from appguard.policy.comparison import STALLED_AFTER, Asked, Done, Failed, NotCompared, Running
from appguard.policy.comparisons import Comparisons
from appguard.policy.files import digest as digest_of
from appguard.policy.impact import Subject
from appguard.policy.releases import Releases
from appguard.policy.store import ComparisonStore, PolicyStore
from tests.support.tables import catalog_and_outbox

LATE = "rego/lifecycle/retirement-late/rule.rego"
PAT, SAM = (
    Person(id=PersonId(f"{name}@example.com"), email=f"{name}@example.com", name=name, groups=frozenset())
    for name in ("pat", "sam")
)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class World:
    """Two versions of the policies, a clock that tests turn, and what was asked for."""

    def __init__(self, policies: Path, scratch: Path) -> None:
        dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
        catalog_and_outbox(dynamodb)
        s3.create_bucket(Bucket="artifacts")
        self.now = NOON
        self.asked: list[Asked] = []
        store = PolicyStore(dynamodb, s3, Outbox(dynamodb, "outbox"), "catalog", "artifacts")
        self.releases = Releases(store, policies_dir(), scratch)
        self.store = ComparisonStore(s3, "artifacts")
        self.comparisons = Comparisons(self.store, self.releases, self.asked.append, lambda: self.now)
        text = (policies / LATE).read_text()
        (policies / LATE).write_text(text.replace("months > 12", "months > 5"))
        self.after = self.releases.stage(policies)

    def start(self) -> Asked:
        self.comparisons.start(self.after)
        return self.asked[-1]


@pytest.fixture
def world(policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield World(policies, tmp_path / "scratch")


@pytest.fixture
def subjects(quiet: dict[str, Any]) -> Callable[[Callable[[str], None]], Iterable[Subject]]:
    def found(lost: Callable[[str], None]) -> Iterator[Subject]:
        yield from (Subject(app_id=f"app-{number}", document=quiet) for number in range(3))
        lost("gone")

    return found


def test_it_is_under_way_as_soon_as_it_is_asked_for(world: World) -> None:
    asked = world.start()
    assert (asked.before, asked.after, asked.moment) == (digest_of(policies_dir()), world.after, NOON)
    assert world.comparisons.latest(world.after) == Running(asked=asked, alive_at=NOON)


def test_what_it_found_is_kept(world: World, subjects: Any) -> None:
    world.comparisons.run(world.start(), subjects)
    found = world.comparisons.done(world.after)
    assert found.counts()["newly_needs_approval"] == 3
    assert found.unreadable == ("gone",)


def test_it_says_how_far_it_is(world: World, subjects: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIGN_OF_LIFE", 2)
    seen: list[Any] = []
    monkeypatch.setattr(world.store, "save", seen.append)
    world.comparisons.run(Asked(before=digest_of(policies_dir()), after=world.after, moment=NOON), subjects)
    assert [type(each) for each in seen] == [Running, Done]
    assert seen[0].examined == 2


def test_it_is_begun_again_when_it_gives_no_sign_of_life(world: World) -> None:
    world.start()
    world.now += STALLED_AFTER
    world.start()
    assert len(world.asked) == 1
    world.now += timedelta(seconds=1)
    world.start()
    assert len(world.asked) == 2


def test_a_later_one_counts_and_the_earlier_stays(world: World, subjects: Any) -> None:
    first = world.start()
    world.comparisons.run(first, subjects)
    world.now += timedelta(days=1)
    second = world.start()
    assert world.comparisons.latest(world.after) == Running(asked=second, alive_at=world.now)
    assert isinstance(world.comparisons.state(first), Done)


def test_delivered_twice_it_runs_once(world: World, subjects: Any) -> None:
    asked = world.start()
    world.comparisons.run(asked, subjects)
    world.comparisons.run(asked, lambda _: pytest.fail("it ran again"))


def test_while_a_candidate_rests_on_it_no_other_takes_its_place(world: World, subjects: Any) -> None:
    world.comparisons.run(world.start(), subjects)
    world.releases.propose(world.after, {}, PAT, PAT.acting_as(Role.PLATFORM))
    world.start()
    assert len(world.asked) == 1


def test_policies_published_meanwhile_make_it_void(world: World, subjects: Any) -> None:
    asked = world.start()
    world.releases.propose(world.after, {}, PAT, PAT.acting_as(Role.PLATFORM))
    world.releases.publish(world.after, SAM, SAM.acting_as(Role.SECURITY))
    world.comparisons.run(asked, subjects)
    found = world.comparisons.state(asked)
    assert isinstance(found, Failed)
    assert "meanwhile" in found.message
    with pytest.raises(NotCompared):
        world.comparisons.done(world.after)


def test_the_function_runs_what_the_portal_asked_it_for(
    world: World, subjects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "comparisons", lambda: world.comparisons)
    monkeypatch.setattr(handler, "active_inputs", subjects)
    context = SimpleNamespace(
        function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn", aws_request_id="r"
    )
    handler.compare(world.start().model_dump(mode="json"), context)
    assert world.comparisons.done(world.after).examined == 3
