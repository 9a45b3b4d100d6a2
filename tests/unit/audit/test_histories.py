"""Any history of deliveries, kills, lost replies, throttles and rivals, in any order of their calls."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from moto import mock_aws

from appguard.audit.checkpoint import Signer
from appguard.audit.export import export
from appguard.audit.intake import Intake
from appguard.audit.outbox import Outbox
from appguard.audit.reader import in_bucket
from appguard.audit.signing import pem
from appguard.audit.store import unsealed
from appguard.audit.verify import load_keys, verify_export
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, RetentionClass, Role
from appguard.kernel.ids import EventId
from tests.support.ledger import LOGGER, NOW, ledger_bucket, queued, sequencer_of
from tests.support.steps import Fate, Worker, watch, watched
from tests.support.tables import catalog_and_outbox, table

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
AT_ONCE = 3
SKEWS = st.integers(-12, 12).map(lambda hours: timedelta(hours=hours))


class History(RuleBasedStateMachine):
    """One ledger and whatever happens to it: what it acknowledged is there, and nothing is twice."""

    @initialize()
    def begin(self) -> None:
        self.mock = mock_aws()
        self.mock.start()
        self.dynamodb, self.s3 = boto3.client("dynamodb"), boto3.client("s3")
        catalog_and_outbox(self.dynamodb)
        table(self.dynamodb, "ledger")
        ledger_bucket(self.s3)
        watch(self.dynamodb, self.s3)
        self.signer = Signer(KEY.public_key().public_bytes_raw(), watched(KEY.sign))
        self.outbox = Outbox(self.dynamodb, "outbox", sleep=lambda _: None)
        self.recorded: dict[EventId, AuditEvent] = {}
        self.acknowledged: set[EventId] = set()
        self.at_work: list[tuple[Worker, set[EventId]]] = []
        self.kept: list[bytes] = []

    @rule(log=st.sampled_from(list(RetentionClass)[:2]), skew=SKEWS, count=st.integers(1, 3))
    def events_happen(self, log: RetentionClass, skew: timedelta, count: int) -> None:
        for _ in range(count):
            event = AuditEvent.of(
                Action.APP_CREATED,
                Actor(id="ana", role=Role.REQUESTER),
                Resource(type="app", id="leave-request"),
                NOW + skew,
                event_id=EventId.of("history", str(len(self.recorded))),
                retention_class=log,
            )
            self.outbox.record(event, event)
            self.recorded[event.event_id] = event

    @precondition(lambda self: self.recorded and len(self.at_work) < AT_ONCE)
    @rule(data=st.data(), skew=SKEWS)
    def a_batch_is_delivered(self, data: st.DataObject, skew: timedelta) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.recorded)), min_size=1, max_size=8))
        self._deliver([self.recorded[one] for one in ids], skew)

    @precondition(lambda self: self.at_work)
    @rule(data=st.data(), calls=st.integers(0, 12), fate=st.sampled_from(list(Fate)))
    def a_sequencer_gets_on(self, data: st.DataObject, calls: int, fate: Fate) -> None:
        worker, _ = data.draw(st.sampled_from(self.at_work))
        for _ in range(calls):
            if worker.running:
                worker.step()
        if worker.running:
            worker.step(fate)
        self._hear()

    @rule()
    def an_auditor_looks(self) -> None:
        """In the middle of everything: what is there verifies, and holds what was there before."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            export(self.s3, "ledger", pem(self.signer.public_key), folder)
            logs = list(folder.glob("?y"))
            if logs and all((log / "checkpoint").is_file() for log in logs):  # else one is being begun
                verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()), self.kept)
                self.kept += [(log / "checkpoint").read_bytes() for log in logs]
        assert self.acknowledged <= set(self._entries())

    def teardown(self) -> None:
        """Everybody gets well, what nobody acknowledged comes again, and the sweep finds the rest."""
        if not hasattr(self, "mock"):
            return
        try:
            self._recover()
            assert sorted(self._entries()) == sorted(self.recorded)
            self.an_auditor_looks()
        finally:
            self.mock.stop()

    def _recover(self) -> None:
        for worker, _ in self.at_work:
            worker.finish()
        self._hear()
        lost = list(unsealed(self.dynamodb, "outbox", datetime.max.replace(tzinfo=UTC), 500))
        unheard = self.recorded.keys() - self.acknowledged
        assert set(lost) <= unheard
        self._deliver([self.recorded[one] for one in sorted(unheard)], timedelta(0))
        self.at_work[-1][0].finish()
        self._hear()
        assert self.acknowledged == self.recorded.keys()

    def _deliver(self, events: list[AuditEvent], skew: timedelta) -> None:
        store, sequencer = sequencer_of(self.dynamodb, self.s3, self.signer, lambda: datetime.now(UTC) + skew)
        intake = Intake(store, self.outbox, sequencer, LOGGER)
        delivered = queued(*events)
        self.at_work.append((Worker(lambda: intake.take(delivered)), {one.event_id for one in events}))

    def _hear(self) -> None:
        """What ended well acknowledges all but the messages it asks for again."""
        for worker, ids in self.at_work:
            if not worker.running and worker.result is not None:
                self.acknowledged |= ids - set(worker.result)
        self.at_work = [(worker, ids) for worker, ids in self.at_work if worker.running]

    def _entries(self) -> list[EventId]:
        return [entry.event.event_id for entry in in_bucket(self.s3, "ledger").entries()]


def test_no_history_loses_doubles_or_forks(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    run_state_machine_as_test(
        History, settings=settings(max_examples=10, stateful_step_count=25, deadline=None)
    )
