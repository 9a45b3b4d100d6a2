"""Run the cases beside the rules, through the very engine that decides.

`rule_test.rego` is data, in package `appguard.cases.<rule>`: `fires` maps a sentence to an
input and to where findings are expected, `silent` maps a sentence to an input that must
find nothing. A rule without a passing case of each kind is not covered: nobody would notice
if it never fired, or always.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from appguard.policy.compiled import Compiled
from appguard.policy.engine import denials
from appguard.policy.errors import PolicyFailed
from appguard.policy.model import PolicyFiles, Rule


class Firing(BaseModel):
    """An input, and the manifest keys the rule must point at: one for each finding."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Any
    at: tuple[str, ...]


class CaseResult(BaseModel):
    """What one case did."""

    model_config = ConfigDict(frozen=True)

    rule: str
    kind: str
    name: str
    expected: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """The findings are those expected, in any order."""
        return sorted(self.expected) == sorted(self.found)


class RuleResult(BaseModel):
    """What all cases of one rule did."""

    model_config = ConfigDict(frozen=True)

    rule: str
    cases: tuple[CaseResult, ...]

    @property
    def covered(self) -> bool:
        """At least one case makes it fire and at least one leaves it silent, and both pass."""
        return {case.kind for case in self.cases if case.passed} == {"fires", "silent"}

    @property
    def ok(self) -> bool:
        """Every case passes and both kinds are there."""
        return self.covered and all(case.passed for case in self.cases)


_FIRES = TypeAdapter(dict[str, Firing])
_SILENT = TypeAdapter(dict[str, Any])


def run(files: PolicyFiles) -> Iterator[RuleResult]:
    """The cases of every rule, in order of name."""
    for name in sorted(files.rules):
        yield run_rule(files, files.rules[name])


def run_rule(files: PolicyFiles, rule: Rule) -> RuleResult:
    """The cases of one rule; raises `PolicyFailed` if they cannot be read or the rule cannot be asked."""
    deny = f"appguard/rules/{rule.name.replace('-', '_')}/deny"
    compiled, firing, silent = read_cases(files, rule, deny)

    def paths(document: Any) -> tuple[str, ...]:
        return tuple(denial.path for denial in denials(compiled.answer(deny, document)))

    results = [
        CaseResult(rule=rule.name, kind="fires", name=name, expected=case.at, found=paths(case.input))
        for name, case in firing.items()
    ] + [
        CaseResult(rule=rule.name, kind="silent", name=name, expected=(), found=paths(document))
        for name, document in silent.items()
    ]
    return RuleResult(rule=rule.name, cases=tuple(results))


def read_cases(
    files: PolicyFiles, rule: Rule, *entrypoints: str
) -> tuple[Compiled, dict[str, Firing], dict[str, Any]]:
    """A rule compiled with its cases and these entrypoints, and the cases; raises `PolicyFailed`."""
    fires, silent = (f"appguard/cases/{rule.name.replace('-', '_')}/{kind}" for kind in ("fires", "silent"))
    modules = {**files.shared} | {rule.path: rule.source, rule.test_path: rule.tests}
    compiled = Compiled(modules, files.data, fires, silent, *entrypoints)
    try:
        firing = _FIRES.validate_python(compiled.answer(fires, {}))
        resting = _SILENT.validate_python(compiled.answer(silent, {}))
    except ValidationError as error:
        raise PolicyFailed(f"{rule.test_path} must define fires and silent: {error}") from None
    return compiled, firing, resting
