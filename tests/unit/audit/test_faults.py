"""Kills, lost replies, duplicates and rivals, at every call the sequencer makes."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from appguard.audit.reader import in_bucket
from appguard.audit.verify import load_keys, verify_export
from appguard.kernel.ids import EventId
from tests.support.ledger import queued


class KilledError(Exception):
    """The function stopped here."""


class Saboteur:
    """Acts once, before or after a numbered call to AWS: `before` it is lost, `after` only its reply is."""

    def __init__(self, *clients) -> None:
        self.calls = 0
        self._at: tuple[str, int] | None = None
        for client in clients:
            client.meta.events.register("before-call.*.*", lambda **_: self._count("before"))
            client.meta.events.register("after-call.*.*", lambda **_: self._count("after"))

    def arm(self, phase: str, call: int, act: Callable[[], object]) -> None:
        self.calls, self._at, self._act = 0, (phase, call), act

    def disarm(self) -> None:
        self._at = None

    def _count(self, phase: str) -> None:
        self.calls += phase == "before"
        if (phase, self.calls) == self._at:
            self._at = None
            self._act()


def die() -> None:
    raise KilledError


@pytest.fixture
def saboteur(dynamodb, s3) -> Saboteur:
    return Saboteur(dynamodb, s3)


@pytest.fixture
def deliver(intake):
    return lambda events: intake.take(queued(*events))


def assert_whole(s3, folder, expected: set[EventId]) -> None:
    """Every event is exactly one entry of a log that verifies."""
    verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))
    ids = [entry.event.event_id for entry in in_bucket(s3, "ledger").entries()]
    assert sorted(ids) == sorted(expected)


@pytest.mark.parametrize("phase", ["before", "after"])
def test_killed_at_any_call_a_second_delivery_completes_the_work(
    outbox, deliver, saboteur, s3, exported, event, phase
):
    expected, call, completed = set(), 0, False
    while not completed:
        call += 1
        events = [event(call * 10 + n) for n in range(2)]
        expected |= {one.event_id for one in events}
        outbox.record(*events)
        saboteur.arm(phase, call, die)
        try:
            deliver(events)
            completed = True
        except KilledError:
            deliver(events)
        saboteur.disarm()
    assert call > 10
    assert_whole(s3, exported(), expected)


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_rival_at_any_call_neither_doubles_nor_forks(outbox, deliver, saboteur, s3, exported, event, phase):
    expected, call, acted = set(), 0, True
    while acted:
        call += 1
        mine, both, theirs = ([event(call * 3 + k)] for k in range(3))
        expected |= {one.event_id for one in (*mine, *both, *theirs)}
        outbox.record(*mine, *both, *theirs)
        done: list[int] = []

        def rival(events=(*theirs, *both), done=done) -> None:
            deliver(events)
            done.append(1)

        saboteur.arm(phase, call, rival)
        deliver([*mine, *both])
        saboteur.disarm()
        deliver([*theirs, *both])
        acted = bool(done)
    assert call > 10
    assert_whole(s3, exported(), expected)


def test_what_a_reader_finds_between_the_steps_verifies(outbox, deliver, saboteur, s3, exported, event):
    outbox.record(*(event(n) for n in range(4)))
    deliver([event(0)])
    for call in range(1, 30):
        saboteur.arm("after", call, die)
        try:
            deliver([event(1), event(2), event(3)])
        except KilledError:
            folder = exported(f"between-{call}")
            verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))
    saboteur.disarm()
    assert len(list(in_bucket(s3, "ledger").entries())) == 4


@pytest.fixture
def history(outbox, deliver, saboteur, s3, exported, event):
    """A class of histories to explore; each example goes on with the ledger of the ones before."""
    recorded: list = []

    class History(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.new: list = []

        @rule(count=st.integers(1, 5))
        def events_happen(self, count: int) -> None:
            events = [event(len(recorded) + n) for n in range(count)]
            outbox.record(*events)
            recorded.extend(events)
            self.new += events

        @rule(data=st.data(), phase=st.sampled_from(["before", "after"]), call=st.integers(1, 25))
        def delivery_is_killed(self, data, phase, call) -> None:
            saboteur.arm(phase, call, die)
            try:
                deliver(self.some(data))
            except KilledError:
                pass
            finally:
                saboteur.disarm()

        @rule(data=st.data(), phase=st.sampled_from(["before", "after"]), call=st.integers(1, 25))
        def rivals_deliver(self, data, phase, call) -> None:
            theirs = self.some(data)
            saboteur.arm(phase, call, lambda: deliver(theirs))
            deliver(self.some(data))
            saboteur.disarm()

        def some(self, data) -> list:
            return data.draw(st.lists(st.sampled_from(self.new), max_size=8)) if self.new else []

        def teardown(self) -> None:
            deliver(getattr(self, "new", []))

    yield History
    assert_whole(s3, exported(), {one.event_id for one in recorded})


def test_no_history_loses_doubles_or_forks(history):
    explored = settings(
        max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    case = history.TestCase()
    case.settings = explored
    case.runTest()
