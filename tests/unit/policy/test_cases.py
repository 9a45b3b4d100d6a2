from collections.abc import Callable
from pathlib import Path

import pytest

from appguard.kernel.files import policies_dir
from appguard.policy.cases import run, run_rule
from appguard.policy.errors import PolicyFailed
from appguard.policy.files import load

FINDING = 'finding := {"rule": "noisy", "msg": "hello", "path": ""}'


def test_every_rule_of_the_platform_is_covered_both_ways() -> None:
    results = list(run(load(policies_dir())))
    assert [result.rule for result in results if not result.ok] == []
    assert len(results) >= 20


def test_a_rule_that_never_fires_fails_its_cases(add_rule: Callable[[str], Path]) -> None:
    files = load(add_rule(f"input.nothing == 1\n\t{FINDING}"))
    result = run_rule(files, files.rules["noisy"])
    assert not result.ok
    assert [(case.name, case.found) for case in result.cases if not case.passed] == [("always", ())]


def test_a_rule_that_always_fires_fails_its_cases(add_rule: Callable[[str], Path]) -> None:
    files = load(add_rule(FINDING))
    result = run_rule(files, files.rules["noisy"])
    assert [case.name for case in result.cases if not case.passed] == ["never"]
    assert not result.covered


def test_a_rule_without_a_firing_case_is_not_covered(policies: Path) -> None:
    tests = policies / "rego/lifecycle/retirement-late/rule_test.rego"
    tests.write_text("package appguard.cases.retirement_late\n\nfires := {}\n\nsilent := {}\n")
    files = load(policies)
    assert not run_rule(files, files.rules["retirement-late"]).covered


def test_cases_that_are_none_are_an_error(policies: Path) -> None:
    tests = policies / "rego/lifecycle/retirement-late/rule_test.rego"
    tests.write_text('package appguard.cases.retirement_late\n\nfires := "yes"\n\nsilent := {}\n')
    files = load(policies)
    with pytest.raises(PolicyFailed, match="must define fires and silent"):
        run_rule(files, files.rules["retirement-late"])
