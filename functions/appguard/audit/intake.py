"""What the queue delivers: what becomes an entry, what must come again, and what is set aside."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from appguard.audit.admission import Reason, Rejected
from appguard.audit.outbox import Outbox
from appguard.audit.sequencer import Sequencer
from appguard.audit.store import LedgerStore, Row
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import RetentionClass
from appguard.kernel.ids import EventId

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

Failures = dict[str, list[dict[str, str]]]
MAX_MESSAGE_BYTES = 16 * 1024
MAX_KEY_BYTES = 2048  # of a DynamoDB partition key
NOT_A_MESSAGE = "message"


class Message(BaseModel):
    """A queued event by its name; its words are in the outbox."""

    event_id: str = Field(min_length=1)


def name_in(body: str) -> str:
    """The row a message speaks of; raises `Rejected` when it speaks of none."""
    raw = body.encode()
    if len(raw) > MAX_MESSAGE_BYTES:
        raise Rejected(NOT_A_MESSAGE, raw, Reason.TOO_LARGE)
    try:
        name = Message.model_validate_json(raw).event_id
    except ValidationError:
        raise Rejected(NOT_A_MESSAGE, raw, Reason.UNREADABLE) from None
    if len(name.encode()) > MAX_KEY_BYTES:
        raise Rejected(NOT_A_MESSAGE, raw, Reason.TOO_LARGE)
    return name


@dataclass(frozen=True)
class Intake:
    """Takes a batch apart, so that nobody's trouble is another's."""

    store: LedgerStore
    outbox: Outbox
    sequencer: Sequencer
    logger: "Logger | logging.Logger"
    clock: Clock = utc_now

    def take(self, event: Mapping[str, Any]) -> list[str]:
        """Append what an SQS event names; returns the message ids to deliver again.

        A message is done when its event is an entry that is signed for. What can never be one leaves the
        entry `ledger.rejected`, and comes again until the queue sets it aside among the dead letters.
        """
        named: dict[str, str] = {}
        for record in event["Records"]:
            try:
                named[record["messageId"]] = name_in(record["body"])
            except Rejected as rejected:
                self._reject(rejected)
        taken = self._append(self._admitted(list(dict.fromkeys(named.values()))))
        ids = [record["messageId"] for record in event["Records"]]
        return [one for one in ids if named.get(one) not in taken]

    def _admitted(self, names: Sequence[str]) -> dict[RetentionClass, list[Row]]:
        """The events of these names by the log they belong to."""
        logs: dict[RetentionClass, list[Row]] = {}
        unknown = set(names)
        with self._trouble("reading", "outbox"):
            for one in self.store.found(names):
                if isinstance(one, Row):
                    unknown.discard(one.event_id)
                    logs.setdefault(one.log, []).append(one)
                else:
                    unknown.discard(one.name)
                    self._reject(one, self.store.set_aside(one.name))
            for name in sorted(unknown):
                self._reject(Rejected(name, name.encode(), Reason.NEVER_RECORDED))
        return logs

    def _append(self, logs: Mapping[RetentionClass, Sequence[Row]]) -> set[EventId]:
        """Seal and publish each log; returns what is an entry and signed for."""
        taken: set[EventId] = set()
        for log, rows in logs.items():
            sealed: list[EventId] = []
            with self._trouble("sealing", log):
                for event_id in self.sequencer.seal(log, rows):
                    sealed.append(event_id)
            with self._trouble("publishing", log):
                self.sequencer.publish(log)
                taken.update(sealed)
        return taken

    def _reject(self, rejected: Rejected, *writes: "TransactWriteItemTypeDef") -> None:
        """Leave an entry that says so, once; that the message comes again is how it is set aside."""
        self.logger.warning("rejected", extra={"digest": rejected.digest, "reason": rejected.reason.value})
        with self._trouble("rejecting", rejected.digest):
            self.outbox.commit(writes, rejected.event(self.clock()))

    @contextmanager
    def _trouble(self, doing: str, what: str) -> Iterator[None]:
        """What fails now comes again; it holds up nothing else."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded on first use

        try:
            yield
        except (AppGuardError, ClientError, BotoCoreError):
            self.logger.exception("held up", extra={"doing": doing, "what": what})
