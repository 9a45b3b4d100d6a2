"""Calling the app's own code from where it does not run, and believing little of what it says."""

import re
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from pydantic import JsonValue

from appguard.runtime.hooks import Run
from appguard.runtime.logic.asking import Asking
from appguard.runtime.logic.errors import LogicFailed
from appguard.runtime.logic.wire import Broken, Wire, parsed
from appguard.runtime.refusal import BrokerRefused

logger = Logger(child=True)
SECONDS = 3.0
"""The code's own time in a call; the broker's does not count, but the request's goes on."""
GRACE = 1.0
"""How much longer we wait for word of its end than the code itself has."""
_ERROR = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_LAST_LINE = 1_000_000


class Line(Protocol):
    """How the process that runs the code is reached."""

    def wire(self) -> Wire:
        """The line to it, started where it is not there yet; raises `Broken`."""
        ...

    def drop(self) -> None:
        """End it: what it does now is of no use to anybody."""
        ...


class Logic:
    """The app's own code."""

    def __init__(self, line: Line, ticks: Callable[[], float] = time.monotonic) -> None:
        """Reach it by `line`."""
        self._line = line
        self._ticks = ticks

    def within(self, ask: Asking, seconds: float = SECONDS) -> Run:
        """Its functions for one request, which has so many seconds left."""
        return partial(self.call, ask, seconds)

    def call(
        self, ask: Asking, seconds: float, function: str, given: Mapping[str, Any], dates: list[str]
    ) -> JsonValue:
        """What `function` of `logic.py` gives; raises `LogicFailed`, or what the broker said no with."""
        in_all = max(0.1, seconds)
        own = min(SECONDS, in_all)
        asked = {"function": function, "given": given, "dates": dates, "seconds": own, "in_all": in_all}
        try:
            said, ended = self._talk(asked, ask, self._ticks() + in_all + GRACE)
        except (Broken, TimeoutError) as error:
            self._line.drop()
            raise _failed(function, "ended without an answer") from error
        except BaseException:
            self._line.drop()
            raise
        return _result(function, said, ended, ask)

    def _talk(self, asked: Mapping[str, Any], ask: Asking, deadline: float) -> tuple[list[Any], list[Any]]:
        """Everything the code said beside its questions, and how it ended."""
        wire = self._line.wire()
        wire.send(asked, deadline)
        said: list[Any] = []
        while True:
            heard = wire.receive(deadline)
            if "ended" in heard:
                return said, heard["ended"]
            word = _word(heard["said"])
            if "query" in word:
                wire.send(ask(word["query"]), deadline)
            else:
                said.append(word)


def _word(said: str) -> dict[str, Any]:
    """One line of the code's; whatever is no object counts as nonsense."""
    try:
        word = parsed(said)
    except Broken:
        return {}
    return word if isinstance(word, dict) else {}


def _result(function: str, said: list[Any], ended: list[Any], ask: Asking) -> JsonValue:
    """The answer, if the process said one thing and left in peace."""
    by, code, late, talkative = ended
    if escaped := next((word["escape"] for word in said if "escape" in word), None):
        raise _failed(function, f"tried what an app may not do ({escaped!s:.20})")
    if by == signal.SIGSYS:
        raise _failed(function, "tried what an app may not do (calls)")
    if late or by == signal.SIGXCPU:
        raise _failed(function, "took too long")
    if by or code or talkative or len(said) != 1:
        raise _failed(function, "ended without an answer")
    if "error" in said[0]:
        if said[0]["error"] == "Refused" and ask.refused:
            raise BrokerRefused(ask.refused.status, ask.refused.refusal)
        raise _failed(function, _stopped(said[0]))
    if "result" not in said[0]:
        raise _failed(function, "ended without an answer")
    result: JsonValue = said[0]["result"]
    return result


def _stopped(said: Mapping[str, Any]) -> str:
    error, line = said["error"], said.get("line")
    name = error if isinstance(error, str) and _ERROR.fullmatch(error) else "an error"
    known = isinstance(line, int) and 0 < line < _LAST_LINE
    return f"stopped with {name}" + (f" in line {line}" if known else "")


def _failed(function: str, how: str) -> LogicFailed:
    logger.warning("the app's own code failed", function=function, how=how)
    return LogicFailed(f"The function {function} of this app {how}.")
