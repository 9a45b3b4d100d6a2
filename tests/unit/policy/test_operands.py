"""No rule falls silent when a fact it looks at is missing: the input is refused, by either engine's way.

Rego denies nothing where an operand is absent. So every firing case of every rule is asked again
without each of its facts, one after the other; a fact that cases share is taken away once.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from appguard.kernel.files import policies_dir
from appguard.policy.cases import read_cases
from appguard.policy.compiled import Compiled
from appguard.policy.engine import engine
from appguard.policy.errors import PolicyFailed
from appguard.policy.files import load
from appguard.policy.model import SCHEMA_RULE

FILES = load(policies_dir())
OPTIONAL = ("manifest", "template")
"""Null where an app has no template; no rule asks for it."""


@pytest.fixture(scope="module")
def stock() -> Compiled:
    """What `opa` and conftest evaluate, where nothing checks the input first."""
    return Compiled(FILES.modules(), FILES.data, "appguard/deny")


@pytest.mark.parametrize("name", [name for name in FILES.rules if name != SCHEMA_RULE])
def test_a_firing_input_without_any_one_fact_is_refused(name: str, stock: Compiled) -> None:
    _, fires, _ = read_cases(FILES, FILES.rules[name])
    seen: set[tuple[Any, ...]] = set()
    for case in fires.values():
        for path in set(facts(case.input)) - seen:
            seen.add(path)
            lacking = without(case.input, path)
            with pytest.raises(PolicyFailed, match="wrong shape"):
                engine(policies_dir()).evaluate_document(lacking)
            if path != OPTIONAL:
                found = {finding["rule"] for finding in stock.answer("appguard/deny", lacking)}
                assert SCHEMA_RULE in found, f"{path} is missing and nothing says so"


def facts(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every key of every object."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key)
            yield from facts(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from facts(inner, (*at, index))


def without(document: Any, path: tuple[Any, ...]) -> Any:
    lacking = copy.deepcopy(document)
    parent = lacking
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return lacking


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 50_000, '{"schema": NaN}', '{"schema": 1e999}'],
    ids=["deep lists", "deep objects", "not a number", "infinite"],
)
def test_an_input_too_deep_or_odd_to_read_is_refused_without_harm(text: str) -> None:
    document: Any = None
    if text.startswith(("[", '{"a"')):
        for _ in range(50_000):
            document = [document] if text[0] == "[" else {"a": document}
    else:
        document = json.loads(text)
    with pytest.raises(PolicyFailed):
        engine(policies_dir()).evaluate_document(document)


def test_a_huge_input_is_answered(quiet: dict[str, Any]) -> None:
    query = quiet["touched_queries"][0]
    column = {"name": "room", "class": "personal"}
    document = {**quiet, "touched_queries": [{**query, "columns": [column] * 20_000}]}
    assert {finding.rule for finding in engine(policies_dir()).evaluate_document(document)} >= {
        "personal-data",
        "data-class-understated",
    }


@pytest.mark.parametrize("number", [2**31, 2**32 + 6, -1, 1.5, True, "6"])
def test_a_number_the_engine_would_read_as_another_is_refused(quiet: dict[str, Any], number: Any) -> None:
    lifecycle = {**quiet["manifest"]["lifecycle"], "retire_after_months": number}
    document = {**quiet, "manifest": {**quiet["manifest"], "lifecycle": lifecycle}}
    with pytest.raises(PolicyFailed, match="wrong shape"):
        engine(policies_dir()).evaluate_document(document)
