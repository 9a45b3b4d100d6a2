"""The review's definition as it is deployed."""

import json

import pytest

from appguard.gates.limits import SECONDS
from infra.constructs.workflow import fill
from tests.infra.assembly import text


@pytest.fixture(scope="module")
def states(aws):
    [machine] = aws.resources("AWS::StepFunctions::StateMachine").values()
    return dict(_states(json.loads(text(machine["Properties"]["DefinitionString"]))))


def _states(definition):
    """Every state, those of branches and maps included."""
    for name, state in definition["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from _states(state["ItemProcessor"])


def test_no_placeholder_is_left(states):
    assert "${" not in json.dumps(states)


def test_every_task_calls_a_function_of_this_deployment(aws, states):
    functions = {f"<{name}.Arn>" for name in aws.resources("AWS::Lambda::Function")}
    for name, state in states.items():
        if state["Type"] == "Task" and name != "Gate":
            waits = state["Resource"] == "arn:aws:states:::lambda:invoke.waitForTaskToken"
            assert (state["Arguments"]["FunctionName"] if waits else state["Resource"]) in functions, name
    assert {item["function"] for item in states["Gates"]["Items"]} <= functions


def test_every_gate_the_decision_waits_for_is_run_by_the_function_of_its_name(aws, states):
    deployed = {
        f"<{key}.Arn>": r["Properties"]["FunctionName"]
        for key, r in aws.resources("AWS::Lambda::Function").items()
    }
    ran = {item["gate"]: deployed[item["function"]] for item in states["Gates"]["Items"]}

    assert ran == {gate: f"appguard-gates-{gate}" for gate in SECONDS}


def test_every_task_is_retried_and_has_a_way_out(states):
    for name, state in states.items():
        if state["Type"] == "Task":
            assert state["Retry"], name


def test_every_wait_for_a_person_ends(states):
    waits = {name: s for name, s in states.items() if str(s.get("Resource")).endswith(".waitForTaskToken")}
    assert set(waits) == {"AskApproval"}
    for state in waits.values():
        assert 0 < state["TimeoutSeconds"] <= 30 * 24 * 3600


def test_every_wait_has_a_length(states):
    for name, state in states.items():
        if state["Type"] == "Wait":
            assert {"Seconds", "Timestamp"} & set(state), name


def test_the_machine_logs_without_the_data_it_carries(aws):
    [machine] = aws.resources("AWS::StepFunctions::StateMachine").values()
    assert machine["Properties"]["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert machine["Properties"]["TracingConfiguration"]["Enabled"] is True


def test_a_placeholder_without_a_task_and_a_task_without_a_placeholder_are_refused():
    definition = '{"States": {"A": {"Resource": "${Known}"}}}'
    assert fill(definition, {"Known": "arn"}) == '{"States":{"A":{"Resource":"arn"}}}'
    with pytest.raises(ValueError, match="Unknown"):
        fill(definition, {"Known": "arn", "Unknown": "arn"})
    with pytest.raises(ValueError, match="Known"):
        fill(definition, {})
