"""One test in a process of its own: lose every power, run it, say in one line how it ended."""

import importlib.util
import inspect
import json
import os
import sys
import unittest
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from appguard.runtime.trial import hook
from appguard.runtime.trial.collect import Case
from appguard.runtime.trial.confinement import REPORT, confined, move_in, readable, stand_walls

CPU_SECONDS = 4
_Error = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


def run(case: Case, home: Path, packages: Path | None, report: int, parent: int) -> NoReturn:
    """Run one test and leave; called right after the fork."""
    try:
        installed = [packages] if packages else []
        confined(report, parent, CPU_SECONDS)
        reading = [*readable(), *installed]
        move_in(home, [home, home / "tests", *installed])
        _say({"walls": stand_walls(home, reading)})
        forget_the_runner()
        hook.install(REPORT, reading, home)
        _say(_outcome(case, home))
    finally:
        os._exit(0)


def _say(what: dict[str, object]) -> None:
    os.write(REPORT, json.dumps(what).encode() + b"\n")


def forget_the_runner() -> None:
    """Leave the tested code no module of ours, and none that calls into libraries."""
    for name in [name for name in sys.modules if name.split(".")[0] in {"appguard", "ctypes", "_ctypes"}]:
        del sys.modules[name]


def _outcome(case: Case, home: Path) -> dict[str, object]:
    try:
        test = _find(case, home)
        test()
    except unittest.SkipTest:
        return {"outcome": "skipped"}
    except BaseException as error:
        return _failed(error, home, case)
    return {"outcome": "passed"}


def _find(case: Case, home: Path) -> Callable[[], object]:
    """Import the file and give what runs the test."""
    name = Path(case.path).stem
    spec = importlib.util.spec_from_file_location(name, home / case.path)
    if spec is None or spec.loader is None:
        raise ImportError(case.path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    if not case.group:
        return _awaited(getattr(module, case.function))
    group = getattr(module, case.group)
    if isinstance(group, type) and issubclass(group, unittest.TestCase):
        return _as_unittest(group(case.function))
    return _awaited(getattr(group(), case.function))


def _awaited(test: Callable[[], object]) -> Callable[[], object]:
    if not inspect.iscoroutinefunction(test):
        return test
    import asyncio  # noqa: PLC0415 - few tests wait for anything

    return lambda: asyncio.run(test())


def _as_unittest(case: unittest.TestCase) -> Callable[[], None]:
    """A method with the fixtures of its class and module; its first trouble is raised as it was."""

    class First(unittest.TestResult):
        """The errors themselves instead of their text."""

        def _exc_info_to_string(self, err: _Error, test: unittest.TestCase) -> str:
            troubles.append(err[1] or AssertionError())
            return ""

    def test() -> None:
        result = First()
        unittest.TestSuite([case]).run(result)
        if troubles:
            raise troubles[0]
        if result.skipped:
            raise unittest.SkipTest(case.id())
        if not result.wasSuccessful() or not result.testsRun:
            raise AssertionError

    troubles: list[BaseException] = []
    return test


def _failed(error: BaseException, home: Path, case: Case) -> dict[str, object]:
    """The kind of error and where in the test file; never its words, which may hold data."""
    line, frame = case.line, error.__traceback__
    while frame:
        if frame.tb_frame.f_code.co_filename == str(home / case.path):
            line = frame.tb_lineno
        frame = frame.tb_next
    return {"outcome": "failed", "error": type(error).__name__, "line": line}
