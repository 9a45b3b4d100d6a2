"""The review state machine: its shape, and where every path ends."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonata import Jsonata

from appguard.approvals.model import EXPIRES_AFTER
from tests.support.machine import MACHINE, Run, TaskFailed

GIVEN = {
    "app_id": "leave-request",
    "review_id": "rev-" + "0" * 24,
    "bundle_digest": "sha256:" + "0" * 64,
    "execution": "rev-" + "0" * 24,
    "source": {"kind": "portal", "draft": "sha256:" + "0" * 64},
}
APPROVED = {"verdict": "approved", "bundle_digest": GIVEN["bundle_digest"], "decided_by": "rob"}
TASKS = {
    "Classify": {"tier": "low"},
    "Packages": {"packages": 0},
    "GateManifest": {"gate": "manifest", "blocks": 0},
    "GatePolicy": {"gate": "policy", "blocks": 0},
    "GateSecrets": {"gate": "secrets", "blocks": 0},
    "GateCode": {"gate": "code", "blocks": 0},
    "GateTests": {"gate": "tests", "blocks": 0},
    "GateContracts": {"gate": "contracts", "blocks": 0},
    "GateDependencies": {"gate": "dependencies", "blocks": 0},
    "GateData": {"gate": "data", "blocks": 0},
    "Decide": {"decision": "needs_approval"},
    "AskApproval": APPROVED,
    "Approve": {"state": "approved"},
    "Attest": {"state": "approved", "attestation": "0" * 64},
    "Provision": {"status": "working"},
    "CheckProvisioned": {"status": "ready", "reason": ""},
    "ProvideLogins": {"made": []},
    "SmokeTest": {"status": "ok"},
    "Publish": {"state": "published"},
    "Undo": None,
    "Refuse": {"state": "refused"},
    "Expire": {"state": "expired"},
    "Fail": {"state": "failed"},
}


def run(**answers) -> tuple[Run, dict[str, list]]:
    """A run whose tasks answer as in TASKS, or as said; and what each task was given."""
    said: dict[str, list] = {}

    def task(name):
        def call(payload):
            said.setdefault(name, []).append(payload)
            answer = answers.get(name, TASKS[name])
            return answer(len(said[name])) if callable(answer) else answer

        return call

    return Run(GIVEN, {name: task(name) for name in TASKS}), said


def raises(error: str):
    def answer(_call: int):
        raise TaskFailed(error, "the cause")

    return answer


def states() -> Iterator[tuple[str, dict]]:
    def within(machine):
        for name, state in machine["States"].items():
            yield name, state
            if "ItemProcessor" in state:
                yield from within(state["ItemProcessor"])

    yield from within(MACHINE)


ALL = dict(states())
LAMBDAS = {name: state for name, state in ALL.items() if state["Type"] == "Task"}


@pytest.mark.parametrize("name", LAMBDAS)
def test_every_task_has_a_timeout_retries_and_catches_everything(name):
    task = LAMBDAS[name]

    assert task["TimeoutSeconds"] > 0
    assert any(rule["ErrorEquals"] == ["States.ALL"] and rule["MaxAttempts"] >= 2 for rule in task["Retry"])
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def test_the_whole_machine_has_a_timeout_beyond_the_wait_for_a_person():
    assert MACHINE["TimeoutSeconds"] > ALL["AskApproval"]["TimeoutSeconds"]


def test_an_approval_expires_before_the_machine_gives_up_waiting_for_it():
    assert 0 < ALL["AskApproval"]["TimeoutSeconds"] - EXPIRES_AFTER.total_seconds() <= 3600


def test_every_transition_leads_to_a_state_of_the_same_machine_and_every_state_is_reached():
    for machine in [MACHINE, MACHINE["States"]["Gates"]["ItemProcessor"]]:
        targets = {machine["StartAt"]}
        for state in machine["States"].values():
            own = json.dumps({k: v for k, v in state.items() if k != "ItemProcessor"})
            targets |= set(re.findall(r'"(?:Next|Default)": "(\w+)"', own))
        assert targets == set(machine["States"])


def test_every_placeholder_is_a_task_the_infrastructure_knows():
    text = Path("statemachines/review.asl.json").read_text()

    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(TASKS)


def test_every_expression_is_jsonata():
    expressions = re.findall(r'"\{%(.*?)%\}"', Path("statemachines/review.asl.json").read_text())

    assert expressions
    for expression in expressions:
        Jsonata.jsonata(json.loads(f'"{expression}"').strip())


def test_the_task_token_goes_to_asking_and_nowhere_else():
    holders = [name for name, state in ALL.items() if "Task.Token" in json.dumps(state)]

    assert holders == ["AskApproval"]


def test_every_gate_is_told_where_the_bundle_came_from():
    going, said = run()
    going.go()

    gates = [name for name in TASKS if name.startswith("Gate")]
    assert {said[gate][0]["source"]["kind"] for gate in gates} == {"portal"}


def test_an_approved_app_is_provisioned_tested_and_published():
    going, said = run()

    assert going.go() == "Published"
    assert said["Approve"] == [{**GIVEN, "judgement": APPROVED}]
    assert said["AskApproval"] == [{"step": GIVEN, "task_token": "the-task-token"}]
    assert said["Publish"] == [GIVEN]
    assert going.path.index("Approve") < going.path.index("Attest") < going.path.index("Provision")


def test_what_cannot_be_attested_is_not_built():
    going, said = run(Attest=raises("SourceNotProtected"))

    assert going.go() == "Failed"
    assert said["Attest"][0] == GIVEN
    assert "Provision" not in said
    assert "Undo" not in said


def test_nobody_is_asked_when_nothing_speaks_against_it():
    going, said = run(Decide={"decision": "clear"})

    assert going.go() == "Published"
    assert "AskApproval" not in said


@pytest.mark.parametrize("decision", ["refused", "something new"])
def test_what_is_not_allowed_is_refused(decision):
    going, said = run(Decide={"decision": decision})

    assert going.go() == "Refused"
    assert "AskApproval" not in said
    assert "Provision" not in said


@pytest.mark.parametrize(
    "answer",
    [{**APPROVED, "verdict": "refused"}, {**APPROVED, "bundle_digest": "sha256:" + "1" * 64}],
    ids=["refused by a person", "approved for another bundle"],
)
def test_without_an_approval_of_this_bundle_it_is_refused(answer):
    going, said = run(AskApproval=answer)

    assert going.go() == "Refused"
    assert "Provision" not in said


def test_a_gate_that_fails_reaches_the_decision_as_failed():
    going, said = run(GatePolicy=raises("Boom"))
    going.go()

    assert said["Decide"][0]["gates"][1] == {"gate": "policy", "failed": True, "error": "Boom"}


def test_packages_that_cannot_be_fetched_are_for_the_gates_to_judge():
    going, said = run(Packages=raises("IndexDown"))

    assert going.go() == "Published"
    assert said["GateDependencies"]


def test_when_nobody_decides_in_time_it_expires_without_asking_again():
    going, said = run(AskApproval=raises("States.Timeout"))

    assert going.go() == "Expired"
    assert len(said["AskApproval"]) == 1


@pytest.mark.parametrize(
    "name",
    sorted(set(TASKS) - {"Packages", "Refuse", "Expire", "Undo", "Fail"} - {t for t in TASKS if "Gate" in t}),
)
def test_a_step_that_keeps_failing_ends_in_a_recorded_failure(name):
    going, said = run(**{name: raises("Boom")})

    assert going.go() == "Failed"
    [told] = said["Fail"]
    assert told["failure"] == {"step": name, "error": "Boom", "cause": "the cause"}
    assert told["review_id"] == GIVEN["review_id"]


@pytest.mark.parametrize("name", ["Provision", "CheckProvisioned", "SmokeTest", "Publish"])
def test_what_a_failed_run_has_built_is_taken_back_before_the_failure_is_recorded(name):
    going, said = run(**{name: raises("Boom")})
    going.go()

    assert said["Undo"] == [GIVEN]
    assert going.path[-3:] == ["Undo", "Fail", "Failed"]


def test_a_run_that_failed_before_anything_was_built_takes_nothing_back():
    going, said = run(Decide=raises("Boom"))
    going.go()

    assert "Undo" not in said


def test_an_undo_that_fails_does_not_hide_why_it_was_needed():
    going, said = run(SmokeTest=raises("Boom"), Undo=raises("Bang"))

    assert going.go() == "Failed"
    assert said["Fail"][0]["failure"] == {"step": "SmokeTest", "error": "Boom", "cause": "the cause"}


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_step_that_fails_once_is_repeated_and_nothing_is_lost(name):
    def once(call: int):
        if call == 1:
            raise TaskFailed("Runtime.HandlerError")
        return TASKS[name]

    ways = {
        "Refuse": {"Decide": {"decision": "refused"}},
        "Expire": {"AskApproval": raises("States.Timeout")},
        "Undo": {"Publish": raises("Boom")},
        "Fail": {"Publish": raises("Boom")},
    }
    ends = {"Refuse": "Refused", "Expire": "Expired", "Undo": "Failed", "Fail": "Failed"}
    going, _ = run(**{**ways.get(name, {}), name: once})

    assert going.go() == ends.get(name, "Published")


@pytest.mark.parametrize(
    ("name", "way"),
    [("Refuse", {"Decide": {"decision": "refused"}}), ("Expire", {"AskApproval": raises("States.Timeout")})],
)
def test_even_an_ending_that_cannot_be_written_ends_in_a_failure(name, way):
    going, said = run(**way, **{name: raises("Boom")})

    assert going.go() == "Failed"
    assert said["Fail"][0]["failure"]["step"] == name


def test_a_failure_that_cannot_be_recorded_still_ends():
    going, _ = run(Publish=raises("Boom"), Fail=raises("Boom"))

    assert going.go() == "Failed"


def test_it_waits_for_a_slow_stack():
    going, said = run(CheckProvisioned=lambda n: {"status": "ready" if n > 5 else "working", "reason": ""})

    assert going.go() == "Published"
    assert len(said["CheckProvisioned"]) == 6


def test_it_does_not_wait_for_ever():
    going, said = run(CheckProvisioned={"status": "working", "reason": ""})

    assert going.go() == "Failed"
    assert 900 < going.waited < 1800
    assert said["Fail"][0]["failure"]["error"] == "NotProvisioned"


def test_a_stack_that_failed_is_not_waited_for():
    going, said = run(CheckProvisioned={"status": "failed", "reason": "ROLLBACK_COMPLETE"})

    assert going.go() == "Failed"
    assert going.waited == 0
    assert said["Fail"][0]["failure"]["cause"] == "ROLLBACK_COMPLETE"
