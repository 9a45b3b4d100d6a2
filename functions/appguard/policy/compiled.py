"""Rego modules compiled by regopy, asked in a way that lets no error pass for silence."""

from threading import Lock
from typing import Any

from regopy import Input, Interpreter, LogLevel, RegoError

from appguard.policy.calls import ALLOWED
from appguard.policy.errors import PolicyFailed, PolicyUnusable


class Compiled:
    """A bundle with its entrypoints; may be shared between threads.

    The interpreter that compiled a bundle owns memory the bundle points to: keep both, drop the bundle first.
    """

    def __init__(self, modules: dict[str, str], data: Any, *entrypoints: str) -> None:
        """Compile; raises `PolicyUnusable` when regopy does not accept the modules."""
        self._compiler, self._interpreter, self._lock = _interpreter(), _interpreter(), Lock()
        if missing := sorted(name for name in ALLOWED if not self._compiler.is_builtin(name)):
            raise PolicyUnusable(f"this regopy lacks {', '.join(missing)}")
        try:
            for path, text in modules.items():
                self._compiler.add_module(path, text)
            self._compiler.add_data(data)
            self._bundle = self._compiler.build(None, list(entrypoints))
        except RegoError as error:
            raise PolicyUnusable(f"the policies do not compile: {error}") from None
        if not self._bundle.ok():
            raise PolicyUnusable("the policies do not compile")

    def answer(self, entrypoint: str, document: Any) -> Any:
        """The value of `entrypoint` for an input, None if undefined; raises `PolicyFailed` on any error.

        The input is a document, or what `prepared` made of it.
        """
        with self._lock:
            try:
                self._interpreter.set_input(document)
                output = self._interpreter.query_bundle_entrypoint(self._bundle, entrypoint)
            except (RegoError, ValueError, TypeError) as error:  # ValueError: the answer is not JSON
                raise PolicyFailed(f"{entrypoint} cannot be evaluated: {error}") from None
            if not output.ok():
                raise PolicyFailed(f"{entrypoint} cannot be evaluated: {output}")
            expressions = [result.expressions for result in output.results]
        match expressions:
            case [[value]]:
                return value
            case [[]] | []:
                return None
            case _:
                raise PolicyFailed(f"{entrypoint} has {len(expressions)} answers; one was expected")


def prepared(document: Any) -> Input:
    """A document as regopy's own, which takes longer than most rules; raises `PolicyFailed`."""
    try:
        return Input(document)
    except (RegoError, ValueError, TypeError, RecursionError) as error:
        raise PolicyFailed(f"the input of the policies cannot be read: {error}") from None


def _interpreter() -> Interpreter:
    """An interpreter that reports errors of built-ins instead of yielding nothing."""
    rego = Interpreter()
    rego.log_level = LogLevel.NONE
    rego.strict_built_in_errors = True
    return rego
