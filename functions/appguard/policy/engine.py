"""Ask the policies about an app. Whatever goes wrong on the way is an error, never silence."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from regopy import Input

from appguard.kernel.finding import Finding
from appguard.policy.compiled import Compiled, prepared
from appguard.policy.errors import PolicyFailed
from appguard.policy.files import load
from appguard.policy.input import PolicyInput
from appguard.policy.model import PolicyFiles, Rule

ENTRYPOINT = "appguard/deny"


class Setting(BaseModel):
    """A value that, written at a key path of the manifest, would satisfy the rule."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    path: str
    value: str | int


class Denial(BaseModel):
    """What a rule yields. `msg` is the word conftest reads; `path` is a key path of the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rule: str
    msg: str
    path: str = ""
    set: Setting | None = None


class PolicyFinding(Finding):
    """A finding that still knows the manifest's key, so that the gate can name the line."""

    key: str = ""
    setting: Setting | None = None


_DENIALS = TypeAdapter(list[Denial])


class PolicyEngine:
    """The compiled policies. Build it with `PolicyEngine.load`; it may be shared between threads."""

    def __init__(self, files: PolicyFiles) -> None:
        """Compile `files`; raises `PolicyUnusable` when regopy does not accept them."""
        self.files = files
        self._compiled = Compiled(files.deciding(), files.data, ENTRYPOINT)

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
        return self.evaluate_checked(checked(document))

    def evaluate_checked(self, subject: Input) -> list[PolicyFinding]:
        """Like `evaluate` for what `checked` has passed: asking several engines takes one check."""
        found = denials(self._compiled.answer(ENTRYPOINT, subject))
        return sorted(map(self._finding, found), key=lambda f: (f.rule, f.key, f.message))

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
        setting=denial.set,
    )


def checked(document: Any) -> Input:
    """A JSON document of the promised shape, ready for an engine; raises `PolicyFailed`."""
    try:
        PolicyInput.model_validate_json(json.dumps(document), strict=True)
    except (ValidationError, TypeError, ValueError, RecursionError) as error:
        raise PolicyFailed(f"the input of the policies has the wrong shape: {error}") from None
    return prepared(document)


def denials(value: Any) -> list[Denial]:
    """The denials in an answer; raises `PolicyFailed` when it is anything but a set of them."""
    try:
        return _DENIALS.validate_python(value)
    except ValidationError as error:
        raise PolicyFailed(f"the policies answered in an unexpected shape: {error}") from None


@cache
def engine(folder: Path) -> PolicyEngine:
    """The engine for `folder`, compiled once per process."""
    return PolicyEngine.load(folder)
