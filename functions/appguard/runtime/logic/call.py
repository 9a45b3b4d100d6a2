"""One call of the app's own code, in a process of its own: lose every power, answer once, be gone."""

import importlib
import inspect
import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from appguard.runtime.trial import hook
from appguard.runtime.trial.child import forget_the_runner
from appguard.runtime.trial.confinement import REPORT, confined, move_in, readable, stand_walls

CPU_SECONDS = 4
MODULE = "logic"
_LARGEST_ANSWER = 16 * 1024 * 1024


def run(asked: Mapping[str, Any], home: Path, path: Sequence[Path], report: int, parent: int) -> NoReturn:
    """Answer one call and leave; called right after the fork."""
    try:
        confined(report, parent, CPU_SECONDS)
        os.set_blocking(REPORT, True)
        move_in(home, path)
        reading = [*readable(), *path]
        stand_walls(home, reading)
        forget_the_runner()
        hook.install(REPORT, reading, home)
        _say(_outcome(asked, [str(folder) for folder in path]))
    finally:
        os._exit(0)


class Refused(Exception):
    """The broker's no: `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Broker:
    """What the code may ask for data. It only speaks: who holds the rights is elsewhere."""

    Refused = Refused

    def query(
        self, connector: str, query: str, parameters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The rows this person may see, each by the names of its columns; raises `broker.Refused`."""
        _say({"query": {"connector": connector, "query": query, "parameters": dict(parameters or {})}})
        answer = _heard()
        if refused := answer.get("refused"):
            raise Refused(refused["code"], refused["message"])
        dates = {name for name, kind in answer["columns"] if kind == "date"}
        names = [name for name, _ in answer["columns"]]
        return [with_dates(dict(zip(names, row, strict=True)), dates) for row in answer["rows"]]


def with_dates(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The values, those of these names as dates where they are whole: a mask may leave only the year."""
    return {name: _date(value) if name in names else value for name, value in values.items()}


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def _outcome(asked: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """What the function gives; of an error its kind and line, never its words, which may hold data."""
    try:
        function = getattr(importlib.import_module(MODULE), asked["function"])
        offered = {**asked["given"], "broker": Broker(), "today": _date(asked["given"]["today"])}
        if "values" in offered:
            offered["values"] = with_dates(offered["values"], set(asked["dates"]))
        wanted = inspect.signature(function).parameters
        result = function(**{name: offered[name] for name in wanted if name in offered})
        return {"result": json.loads(_json(result))}
    except BaseException as error:
        return {"error": type(error).__name__, "line": _line(error, path)}


def _line(error: BaseException, path: Sequence[str]) -> int:
    """The last line of the app's own code that the error passed, 0 if it passed none."""
    line, frame = 0, error.__traceback__
    while frame:
        if path and frame.tb_frame.f_code.co_filename.startswith(f"{path[0]}/"):
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def _json(value: object) -> str:
    return json.dumps(value, default=_plain, allow_nan=False)


def _plain(value: object) -> object:
    """Dates as they are written everywhere, exact amounts as numbers."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError


def _say(what: Mapping[str, object]) -> None:
    line = memoryview(_json(what).encode() + b"\n")
    while line:
        line = line[os.write(REPORT, line) :]


def _heard() -> dict[str, Any]:
    said = b""
    while not said.endswith(b"\n"):
        chunk = os.read(REPORT, 1 << 20)
        if not chunk or len(said) > _LARGEST_ANSWER:
            os._exit(1)
        said += chunk
    answer: dict[str, Any] = json.loads(said)
    return answer
