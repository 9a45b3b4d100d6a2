"""The policies: all rules on one input, and what a change of them does to ten thousand apps."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from appguard.apps.bundle import Bundle
from appguard.cli.parallel import side_by_side
from appguard.gates.model import GateContext
from appguard.gates.subject import subject
from appguard.kernel.files import policies_dir
from appguard.policy.engine import PolicyEngine
from appguard.policy.files import load
from appguard.policy.impact import Impact, Subject
from appguard.policy.model import PolicyFiles
from benchmarks.measure import Measurement, seconds
from tests.support.opa import Opa

QUIET: dict[str, Any] = json.loads(Path("tests/unit/cli/quiet.json").read_text())
LEAVE = Bundle.from_dir(Path("examples/leave-request"))
ROUNDS = 301
MANY, FEW = 10_000, 1_000


def measure() -> Iterator[Measurement]:
    """One input, a replay, and how much dearer an app gets among ten times as many."""
    yield from _one_input()
    few, many = (_replay(number) for number in (FEW, MANY))
    yield Measurement(f"policy: impact of a changed rule on {MANY:,} apps", round(many, 1), "s", 30)
    yield Measurement(
        f"policy: an app among {MANY:,} / among {FEW:,}", round(many / MANY * FEW / few, 2), "times", 1.25
    )


def _one_input() -> Iterator[Measurement]:
    """In milliseconds, where regopy cannot keep the limit (see ADR 0009), and beside OPA's own engine."""
    rules = PolicyEngine.load(policies_dir())
    opa = Opa(rules.files.deciding(), dict(rules.files.data))
    ours = seconds(lambda: rules.evaluate_document(QUIET), ROUNDS)
    theirs = seconds(lambda: opa.document("appguard.deny", QUIET), ROUNDS)
    yield Measurement("policy: all rules on one input, warm", round(ours * 1000, 2), "ms", 0.3)
    yield Measurement("policy: one input, in times of OPA's own engine", round(ours / theirs, 1), "times", 4)


def _replay(number: int) -> float:
    before = load(policies_dir())
    started = perf_counter()
    found: Impact = side_by_side(before, _changed(before), _apps(number))
    took = perf_counter() - started
    assert found.examined == number
    assert found.changes
    return took


def _changed(files: PolicyFiles) -> PolicyFiles:
    """The same policies, one rule stricter."""
    rule = files.rules["retirement-late"]
    stricter = replace(rule, source=rule.source.replace("months > 12", "months > 9"))
    assert stricter != rule
    return replace(files, rules={**files.rules, rule.name: stricter}, digest="sha256:" + "0" * 64)


def _apps(number: int) -> Iterator[Subject]:
    """Three quiet apps to one like the leave-request app, made while they are asked for."""
    full = subject(LEAVE, GateContext.of_platform())
    for n in range(number):
        document = full if n % 4 == 0 else QUIET
        lifecycle = {**document["manifest"]["lifecycle"], "retire_after_months": 1 + n % 12}
        manifest = {**document["manifest"], "id": f"app-{n}", "lifecycle": lifecycle}
        yield Subject(app_id=f"app-{n}", document={**document, "manifest": manifest})
