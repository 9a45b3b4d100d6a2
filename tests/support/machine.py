"""Runs a JSONata state machine in this process: its tasks are Python functions, its waits take no time."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jsonata import Jsonata

Task = Callable[[Any], Any]
MACHINE = json.loads(Path("statemachines/review.asl.json").read_text())
MOST_STEPS = 500


class TaskFailed(Exception):
    """What Step Functions makes of an exception: a name and a cause."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(error)
        self.error, self.cause = error, cause


class Run:
    """One execution. `tasks` maps placeholders to functions; `path` is the way it took."""

    def __init__(self, given: dict[str, Any], tasks: Mapping[str, Task]) -> None:
        self.tasks, self.path, self.waited = tasks, [], 0.0
        self.context = {"Execution": {"Input": given}, "Task": {"Token": "the-task-token"}}
        self.variables: dict[str, Any] = {}
        self.given = given

    def go(self) -> str:
        """The name of the state it ends in."""
        self.walk(MACHINE, self.given)
        return self.path[-1]

    def walk(self, machine: Mapping[str, Any], data: Any) -> Any:
        name = machine["StartAt"]
        for _ in range(MOST_STEPS):
            state = machine["States"][name]
            self.path.append(name)
            data, following = getattr(self, state["Type"].lower())(state, data)
            if following is None:
                return data
            name = following
        raise AssertionError(f"no end in sight: {self.path[-10:]}")

    def task(self, state: Any, data: Any) -> tuple[Any, str | None]:
        try:
            result = self.retried(state, lambda: self.call(state, data))
        except TaskFailed as error:
            return self.caught(state, data, error)
        self.assign(state, data, result)
        said = self.fill(state["Output"], data, result=result) if "Output" in state else result
        return said, state.get("Next")

    def call(self, state: Any, data: Any) -> Any:
        arguments = self.fill(state["Arguments"], data)
        if state["Resource"] == "arn:aws:states:::lambda:invoke":
            return {"Payload": self.invoke(arguments["FunctionName"], arguments["Payload"])}
        if state["Resource"].endswith(".waitForTaskToken"):
            return self.invoke(arguments["FunctionName"], arguments["Payload"])
        return self.invoke(state["Resource"], arguments)

    def invoke(self, placeholder: str, payload: Any) -> Any:
        try:
            answer = self.tasks[placeholder[2:-1]](json.loads(json.dumps(payload)))
        except TaskFailed:
            raise
        except Exception as error:
            raise TaskFailed(type(error).__name__, str(error)) from error
        return json.loads(json.dumps(answer))

    def retried(self, state: Any, attempt: Callable[[], Any]) -> Any:
        spent: Counter[int] = Counter()
        while True:
            try:
                return attempt()
            except TaskFailed as error:
                rules = enumerate(state.get("Retry", ()))
                found = next(((i, rule) for i, rule in rules if matches(rule, error)), None)
                if found is None or spent[found[0]] >= found[1]["MaxAttempts"]:
                    raise
                spent[found[0]] += 1

    def caught(self, state: Any, data: Any, error: TaskFailed) -> tuple[Any, str]:
        output = {"Error": error.error, "Cause": error.cause}
        for rule in state.get("Catch", ()):
            if matches(rule, error):
                filled = self.fill(rule["Output"], data, error=output) if "Output" in rule else output
                return filled, rule["Next"]
        raise error

    def map(self, state: Any, _data: Any) -> tuple[Any, str | None]:
        return [self.walk(state["ItemProcessor"], item) for item in state["Items"]], state.get("Next")

    def choice(self, state: Any, data: Any) -> tuple[Any, str]:
        for rule in state["Choices"]:
            if self.fill(rule["Condition"], data) is True:
                return (self.fill(rule["Output"], data) if "Output" in rule else data), rule["Next"]
        return data, state["Default"]

    def wait(self, state: Any, data: Any) -> tuple[Any, str]:
        self.waited += self.fill(state["Seconds"], data)
        return data, state["Next"]

    def pass_(self, state: Any, data: Any) -> tuple[Any, str | None]:
        return (self.fill(state["Output"], data) if "Output" in state else data), state.get("Next")

    def succeed(self, _state: Any, data: Any) -> tuple[Any, None]:
        return data, None

    fail = succeed

    def assign(self, state: Any, data: Any, result: Any) -> None:
        self.variables |= {k: self.fill(v, data, result=result) for k, v in state.get("Assign", {}).items()}

    def fill(self, value: Any, data: Any, result: Any = None, error: Any = None) -> Any:
        if isinstance(value, dict):
            return {k: self.fill(v, data, result, error) for k, v in value.items()}
        if not (isinstance(value, str) and value.startswith("{%")):
            return value
        states = {"input": data, "context": self.context, "result": result, "errorOutput": error}
        found = Jsonata.jsonata(value[2:-2].strip()).evaluate(None, {"states": states, **self.variables})
        if found is None:
            raise AssertionError(f"{value} yields nothing for {data}")
        return found


setattr(Run, "pass", Run.pass_)


def matches(rule: Mapping[str, Any], error: TaskFailed) -> bool:
    return any(name in ("States.ALL", error.error) for name in rule["ErrorEquals"])
