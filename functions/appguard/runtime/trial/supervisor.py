"""The runner: starts without rights, forks a child for each test, and judges it by how it ends.

It reads a request on its standard input and writes one report. Tested code never runs in it, cannot
reach it, and says one line at most: which kind of error, in which line. Its words are dropped.
"""

import json
import os
import re
import signal
import sys
import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from appguard.runtime.trial import answers, child, hook, kernel
from appguard.runtime.trial.collect import MOST, Case, Unreadable, collect
from appguard.runtime.trial.folder import furnished
from appguard.runtime.trial.watching import Ending, forked

SECONDS_EACH = 3.0
SECONDS_ALL = 20.0
SECONDS_ANSWERING = 20.0
LONGEST_LINE = 4096
LAST_LINE = 1_000_000
LONGEST_ANSWERS = 4 * 1024 * 1024
_ERROR = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")

Outcome = dict[str, Any]


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin.buffer)
    kernel.secluded()
    walls = {"network"} if kernel.without_network() else set()
    home = Path.cwd()
    files = {path: b64decode(content) for path, content in request["files"].items()}
    packages = Path(request["packages"]) if request["packages"] else None
    outcomes, seen = tested(files, home, packages)
    report = {"outcomes": outcomes, "walls": sorted(walls | seen)} | _answers(request, home)
    sys.stdout.write(json.dumps(report))


def tested(files: Mapping[str, bytes], home: Path, packages: Path | None) -> tuple[list[Outcome], set[str]]:
    """How every test ended, and the walls every one of them had around it."""
    deadline, walls, outcomes = time.monotonic() + SECONDS_ALL, {"files", "calls"}, list[Outcome]()
    parent = os.getpid()
    for number, case in enumerate(collect(files)):
        if isinstance(case, Unreadable):
            outcomes.append(_named(case.path, case.line, case.path, "unreadable", case.why))
        elif number >= MOST or time.monotonic() > deadline:
            outcomes.append(_named(case.path, case.line, case.name, "not-run", ""))
        else:
            with furnished(home, files) as folder:
                seconds = min(SECONDS_EACH, max(0.1, deadline - time.monotonic()))
                ending = forked(
                    lambda report, case=case, at=folder: child.run(case, at, packages, report, parent),  # type: ignore[misc]
                    seconds,
                    LONGEST_LINE,
                )
            outcome, stood = judged(case, ending)
            outcomes.append(outcome)
            walls &= stood
    return outcomes, walls


def judged(case: Case, ending: Ending) -> tuple[Outcome, set[str]]:
    """What a child's end means. It passed if it said so, said nothing else, and left in peace."""
    lines = [_parsed(line) for line in ending.said.splitlines()]
    stood = set(map(str, lines[0].get("walls", []))) if lines else set()
    line, outcome, detail = case.line, "died", ""
    escaped = [str(said["escape"]) for said in lines if said.get("escape") in hook.KINDS]
    if escaped:
        outcome, detail = "escaped", escaped[0]
    elif ending.signal == signal.SIGSYS:
        outcome, detail = "escaped", "calls"
    elif ending.code == hook.STOPPED:
        outcome, detail = "escaped", "tampering"
    elif ending.late or ending.signal == signal.SIGXCPU:
        outcome = "too-long"
    elif ending.code == 0 and len(lines) == 2 and not ending.talkative:  # noqa: PLR2004 - the walls, the end
        outcome, line, detail = _said(case, lines[1])
    return _named(case.path, line, case.name, outcome, detail), stood


def _said(case: Case, said: Mapping[str, Any]) -> tuple[str, int, str]:
    """What the child says itself, as far as it can be true."""
    line = said.get("line")
    error = said.get("error")
    if said.get("outcome") in ("passed", "skipped"):
        return said["outcome"], case.line, ""
    if said.get("outcome") == "failed" and isinstance(error, str) and isinstance(line, int):
        return (
            "failed",
            line if 0 < line < LAST_LINE else case.line,
            error if _ERROR.fullmatch(error) else "an error",
        )
    return "died", case.line, ""


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _named(path: str, line: int, name: str, outcome: str, detail: str) -> Outcome:
    return {"path": path, "line": line, "name": name, "outcome": outcome, "detail": detail}


def _answers(request: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """The answers in order, as far as they came, and what kept the rest."""
    questions: Sequence[answers.Question] = request["questions"]
    if not questions:
        return {"answers": [], "unanswered": ""}
    parent, path, line = os.getpid(), request["path"], request["line"]
    with furnished(home, {}) as folder:
        ending = forked(
            lambda report: answers.run(questions, path, folder, report, parent, line),
            SECONDS_ANSWERING,
            LONGEST_ANSWERS,
        )
    whole = ending.said.split(b"\n")[:-1]
    late = ending.late or ending.signal in (signal.SIGXCPU, signal.SIGKILL)
    missing = len(whole) < sum(map(answers.how_many, questions))
    return {
        "answers": [json.loads(line) for line in whole],
        "unanswered": "" if not missing else "too-long" if late else "died",
    }
