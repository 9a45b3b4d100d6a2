"""Work that stands still before each call to AWS until a test says how the call ends."""

import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError


class Fate(StrEnum):
    """How one call to AWS ends, for AWS and for the caller."""

    DONE = "done"
    THROTTLED = "throttled"
    NEVER_SENT = "never sent"
    REPLY_LOST = "reply lost"
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"


class KilledError(Exception):
    """The function stopped here."""


def silence() -> ReadTimeoutError:
    """No answer came."""
    return ReadTimeoutError(endpoint_url="https://aws")


BEFORE = {Fate.KILLED_BEFORE: KilledError, Fate.NEVER_SENT: silence}
AFTER = {Fate.KILLED_AFTER: KilledError, Fate.REPLY_LOST: silence}
BUSY = {
    "Error": {"Code": "ThrottlingException", "Message": "slow down"},
    "ResponseMetadata": {"HTTPStatusCode": 400},
}


class Worker:
    """Does `work` in a thread of its own, one call to AWS at a time; `result` is None if it was killed."""

    _here = threading.local()

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work, self.result, self.running = work, None, True
        self._error: Exception | None = None
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._fate = Fate.DONE
        self.calling = ""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._stands.acquire()

    def step(self, fate: Fate = Fate.DONE) -> None:
        """Let the call it stands before end so, and run on to the next."""
        self._fate = fate
        self._go.release()
        self._stands.acquire()
        if self._error:
            raise self._error

    def finish(self) -> None:
        """Let everything go well from here."""
        while self.running:
            self.step()

    def _run(self) -> None:
        Worker._here.worker = self
        try:
            self.result = self._work()
        except KilledError:
            self.result = None
        except Exception as error:
            self._error = error
        finally:
            self.running = False
            self._stands.release()

    def _before(self, call: str) -> Fate:
        self.calling = call
        self._stands.release()
        self._go.acquire()
        if self._fate in BEFORE:
            raise BEFORE[self._fate]()
        return self._fate

    def _after(self) -> None:
        fate, self._fate = self._fate, Fate.DONE
        if fate in AFTER:
            raise AFTER[fate]()


def watch(*clients: Any) -> None:
    """Make the calls of these clients steps, when a worker makes them."""
    for client in clients:
        client.meta.events.register("before-call.*.*", lambda model, **_: _before_call(model.name))
        client.meta.events.register("after-call.*.*", lambda **_: _after_call())


def watched(call: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The same for a call that is none of botocore's, such as a signature that KMS would make."""

    def run(message: bytes) -> bytes:
        if _before_call("Sign"):
            raise silence()
        answer = call(message)
        _after_call()
        return answer

    return run


def _before_call(name: str) -> tuple[AWSResponse, dict[str, Any]] | None:
    worker = getattr(Worker._here, "worker", None)
    if worker and worker._before(name) is Fate.THROTTLED:
        return AWSResponse("https://aws", 400, {}, None), BUSY
    return None


def _after_call() -> None:
    if worker := getattr(Worker._here, "worker", None):
        worker._after()
