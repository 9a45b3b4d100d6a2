"""Ask the policies about an app. Whatever goes wrong on the way is an error, never silence."""

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from regopy import Bundle, Interpreter, LogLevel, RegoError

from appguard.kernel.finding import Finding
from appguard.policy.calls import ALLOWED
from appguard.policy.errors import PolicyFailed, PolicyUnusable
from appguard.policy.files import load
from appguard.policy.input import PolicyInput
from appguard.policy.model import PolicyFiles, Rule

ENTRYPOINT = "appguard/deny"


class Denial(BaseModel):
    """What a rule yields. `msg` is the word conftest reads; `path` is a key path of the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rule: str
    msg: str
    path: str = ""


class PolicyFinding(Finding):
    """A finding that still knows the manifest's key, so that the gate can name the line."""

    key: str = ""


_DENIALS = TypeAdapter(list[Denial])


class PolicyEngine:
    """The compiled policies. Build it with `PolicyEngine.load`; it may be shared between threads."""

    def __init__(self, files: PolicyFiles) -> None:
        """Compile `files`; raises `PolicyUnusable` when regopy does not accept them."""
        self.files = files
        self._bundle = compile_modules(files.modules(), files.data, ENTRYPOINT)
        self._interpreter = interpreter()
        self._lock = Lock()

    @classmethod
    def load(cls, folder: Path) -> "PolicyEngine":
        """The engine for the policies below `folder`; raises `PolicyUnusable`."""
        return cls(load(folder))

    @property
    def digest(self) -> str:
        """Content address of everything that decides."""
        return self.files.digest

    def evaluate(self, subject: PolicyInput) -> list[PolicyFinding]:
        """All findings of all rules, sorted; raises `PolicyFailed` if that cannot be known."""
        return self.evaluate_document(subject.model_dump(mode="json", by_alias=True, warnings="error"))

    def evaluate_document(self, document: Any) -> list[PolicyFinding]:
        """Like `evaluate` for a JSON document; one that lacks an operand is refused before any rule runs."""
        try:
            PolicyInput.model_validate_json(json.dumps(document), strict=True)
        except (ValidationError, TypeError, ValueError) as error:
            raise PolicyFailed(f"the input of the policies has the wrong shape: {error}") from None
        with self._lock:
            self._interpreter.set_input(document)
            value = answer(self._interpreter, self._bundle, ENTRYPOINT)
        return sorted(map(self._finding, denials(value)), key=lambda f: (f.rule, f.key, f.message))

    def _finding(self, denial: Denial) -> PolicyFinding:
        rule = self.files.rules.get(denial.rule)
        if rule is None:
            raise PolicyFailed(f"a policy yields findings of {denial.rule!r:.80}, which is no rule")
        return _join(denial, rule)


def _join(denial: Denial, rule: Rule) -> PolicyFinding:
    return PolicyFinding(
        gate="policy",
        rule=rule.name,
        severity=rule.metadata.severity,
        message=denial.msg,
        remediation=rule.metadata.remediation,
        controls=rule.metadata.controls,
        key=denial.path,
    )


def denials(value: Any) -> list[Denial]:
    """The denials in an answer; raises `PolicyFailed` when it is anything but a set of them."""
    try:
        return _DENIALS.validate_python(value)
    except ValidationError as error:
        raise PolicyFailed(f"the policies answered in an unexpected shape: {error}") from None


def interpreter() -> Interpreter:
    """An interpreter that reports errors of built-ins instead of yielding nothing."""
    rego = Interpreter()
    rego.log_level = LogLevel.NONE
    rego.strict_built_in_errors = True
    return rego


def compile_modules(modules: dict[str, str], data: Any, *entrypoints: str) -> Bundle:
    """A compiled bundle; raises `PolicyUnusable` when regopy does not accept the modules."""
    rego = interpreter()
    if missing := sorted(name for name in ALLOWED if not rego.is_builtin(name)):
        raise PolicyUnusable(f"this regopy lacks {', '.join(missing)}")
    try:
        for path, text in modules.items():
            rego.add_module(path, text)
        rego.add_data(data)
        bundle = rego.build(None, list(entrypoints))
    except RegoError as error:
        raise PolicyUnusable(f"the policies do not compile: {error}") from None
    if not bundle.ok():
        raise PolicyUnusable("the policies do not compile")
    return bundle


def answer(rego: Interpreter, bundle: Bundle, entrypoint: str) -> Any:
    """The value of `entrypoint`, or None where it is undefined; raises `PolicyFailed` on any error."""
    try:
        output = rego.query_bundle_entrypoint(bundle, entrypoint)
    except (RegoError, ValueError) as error:  # regopy raises ValueError for an answer that is not JSON
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


@cache
def engine(folder: Path) -> PolicyEngine:
    """The engine for `folder`, compiled once per process."""
    return PolicyEngine.load(folder)
