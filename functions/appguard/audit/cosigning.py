"""Has the ledger's checkpoints cosigned by a witness the platform does not control."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from appguard.audit.checkpoint import size_of
from appguard.audit.merkle import consistency_path
from appguard.audit.objects import LedgerObjects
from appguard.audit.outbox import Outbox
from appguard.audit.tiles import node_reader
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, NotFound, Unavailable
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, RetentionClass
from appguard.kernel.ids import EventId
from appguard.witness.cosigning import holds
from appguard.witness.submission import Answer, Submission, signature_lines

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

COSIGNER = Actor.system("appguard-audit-cosign")


class WitnessRefused(AppGuardError):
    """The witness saw something else before: the ledger was changed, or the witness is not ours."""

    code = "witness_refused"
    remediation = "Stop writing, export the ledger and compare it with the last cosigned checkpoint."


def witness_key(log: RetentionClass, size: int) -> str:
    """Where the checkpoint of this size lies with the witness's signature on it."""
    return f"{log}/witness/{size:020d}"


@dataclass(frozen=True)
class Cosigning:
    """One ledger and its witness, which `ask` reaches."""

    objects: LedgerObjects
    ask: Callable[[Submission], Answer]
    witness: str
    witness_key: bytes
    outbox: Outbox
    clock: Clock = utc_now

    def cosign_all(self) -> list[RetentionClass]:
        """Each log in turn; one log's trouble is told after the others had theirs."""
        done, troubles = [], []
        for log in RetentionClass:
            try:
                if self.cosign(log):
                    done.append(log)
            except AppGuardError as error:
                troubles.append(error)
        if troubles:
            raise ExceptionGroup("not every log could be cosigned", troubles)
        return done

    def cosign(self, log: RetentionClass) -> bool:
        """Have the log's present checkpoint cosigned; False when that is done or there is none.

        Raises `WitnessRefused` after leaving an entry, or `Unavailable`.
        """
        note = self.objects.latest(log)
        if note is None or self.objects.get(witness_key(log, size_of(note))) is not None:
            return False
        answer = self._ask(log, note)
        lines = [
            line for line in signature_lines(answer) if holds(line, self.witness, self.witness_key, note)
        ]
        if not lines:
            raise Unavailable("the witness's answer carries no signature of the witness")
        self.objects.put_once(log, witness_key(log, size_of(note)), note + lines[0])
        return True

    def _ask(self, log: RetentionClass, note: bytes) -> Answer:
        """Ask with a proof from where the witness stands, which it says when asked without."""
        answer = self.ask(Submission(0, (), note))
        if known := answer.known_size:
            if known > size_of(note):
                raise self._refused(log, f"rolled_back: the witness saw {known} entries")
            answer = self.ask(Submission(known, self._proof(log, known, size_of(note)), note))
        if answer.known_size is not None or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unavailable("the witness is busy with another checkpoint")
        if answer.status != HTTPStatus.OK:
            raise self._refused(log, answer.body.strip())
        return answer

    def _proof(self, log: RetentionClass, known: int, size: int) -> tuple[bytes, ...]:
        @cache
        def fetch(path: str) -> bytes:
            stored = self.objects.get(f"{log}/{path}")
            if stored is None:
                raise NotFound(f"{log}/{path} is missing from the ledger", "Export and verify the ledger.")
            return stored

        return tuple(consistency_path(known, size, node_reader(size, fetch)))

    def _refused(self, log: RetentionClass, why: str) -> WitnessRefused:
        """The error to raise; once for each reason an entry says so too."""
        event = AuditEvent.of(
            Action.LEDGER_WITNESS_REFUSED,
            COSIGNER,
            Resource(type="log", id=log.value),
            self.clock(),
            event_id=EventId.of(Action.LEDGER_WITNESS_REFUSED, log, why),
            result=Result.DENIED,
            reason=why[:300],
        )
        self.outbox.record(event)
        return WitnessRefused(f"{log}: {why}")


def invoked(client: "LambdaClient", function: str) -> Callable[[Submission], Answer]:
    """Reach the witness by invoking its function, which may be in another account."""

    def ask(submission: Submission) -> Answer:
        payload = json.dumps({"body": submission.body().decode()})
        answer = client.invoke(FunctionName=function, Payload=payload)
        said = json.load(answer["Payload"])
        if "FunctionError" in answer:
            raise Unavailable("the witness failed")
        return Answer(HTTPStatus(said["statusCode"]), said["body"], said["headers"]["Content-Type"])

    return ask
