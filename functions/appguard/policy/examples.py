"""A bad and a good example of a rule, from its own cases, told as what differs from an app no rule minds."""

from collections.abc import Iterator
from typing import Any

from appguard.policy.cases import read_cases
from appguard.policy.model import PolicyFiles, Rule

QUIET = "appguard/shared/example/quiet"


def examples(files: PolicyFiles, rule: Rule) -> dict[str, tuple[str, list[str]]]:
    """`bad` and `good`: the sentence of the plainest case of its kind, and the facts that make it one."""
    compiled, firing, silent = read_cases(files, rule, QUIET)
    quiet = dict(_facts(compiled.answer(QUIET, {})))
    bad = {name: case.input for name, case in firing.items()}
    return {kind: _told(cases, quiet) for kind, cases in (("bad", bad), ("good", silent)) if cases}


def _told(cases: dict[str, Any], quiet: dict[str, Any]) -> tuple[str, list[str]]:
    """The case that differs least, if it differs at all: it shows best what the rule looks at."""
    told = [
        (name, [f"{path} = {value}" for path, value in _facts(document) if quiet.get(path) != value])
        for name, document in cases.items()
    ]
    return min(told, key=lambda case: (not case[1], len(case[1]), case[0]))


def _facts(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Each scalar of a document with its path; an empty list counts as one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _facts(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _facts(inner, f"{at}[{index}]")
    else:
        yield at, value
