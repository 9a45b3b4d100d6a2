"""The same files give the same answers with OPA's own engine: every case, every example, and at random."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from appguard.apps.bundle import Bundle
from appguard.apps.risk import assess
from appguard.apps.yaml_source import ManifestError
from appguard.connectors.registry import registry
from appguard.kernel.files import policies_dir
from appguard.policy.cases import read_cases
from appguard.policy.compiled import Compiled
from appguard.policy.engine import engine
from appguard.policy.facts import facts
from appguard.policy.files import load
from appguard.policy.input import Egress, Permission, PolicyInput, TouchedCommand, TouchedQuery
from tests.support.opa import Opa

FILES = load(policies_dir())
EXAMPLES = sorted(path.parent for path in Path("examples").rglob("app.yaml"))
REGO = policies_dir() / "rego"


@pytest.fixture(scope="module")
def opa() -> Opa:
    """What `opa eval -d policies/rego -d policies/data_classes.yaml` loads: the folder as it stands."""
    modules = {str(path.relative_to(REGO)): path.read_text() for path in sorted(REGO.rglob("*.rego"))}
    return Opa(modules, yaml.safe_load((policies_dir() / "data_classes.yaml").read_text()))


@pytest.fixture(scope="module")
def ours() -> Compiled:
    """All modules, with the rule that stands in for the schema, since OPA checks none."""
    return Compiled(FILES.modules(), FILES.data, "appguard/deny")


def same(opa: Opa, ours: Compiled, document: Any) -> list[dict[str, Any]]:
    """What both engines find; fails when they differ."""
    theirs = opa.document("appguard.deny", document)
    assert comparable(ours.answer("appguard/deny", document)) == comparable(theirs)
    return order(theirs)


def order(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda finding: json.dumps(finding, sort_keys=True))


def comparable(found: list[Any]) -> list[Any]:
    """Messages by their letters: of `a` and `a!` the engines sort either first."""
    return order([{**finding, "msg": sorted(finding.get("msg", ""))} for finding in found])


@pytest.mark.parametrize("name", FILES.rules)
def test_every_case_of_a_rule_gives_the_same_findings(name: str, opa: Opa, ours: Compiled) -> None:
    _, fires, silent = read_cases(FILES, FILES.rules[name])
    for case in fires.values():
        found = same(opa, ours, case.input)
        assert sorted(f["path"] for f in found if f["rule"] == name) == sorted(case.at)
    for document in silent.values():
        assert not [finding for finding in same(opa, ours, document) if finding["rule"] == name]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_every_example_app_gives_the_same_findings(folder: Path, opa: Opa, ours: Compiled) -> None:
    try:
        manifest = Bundle.from_dir(folder).manifest()
    except ManifestError:
        pytest.skip("a manifest nobody can read is the manifest gate's")
    told = facts(manifest, registry(), assess(manifest, registry()))
    document = told.model_dump(mode="json", by_alias=True)
    found = same(opa, ours, document)
    assert {f["rule"] for f in found} == {f.rule for f in engine(policies_dir()).evaluate(told)}


TEXT = st.text(st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=["Cc"]), max_size=8)
st.register_type_strategy(str, TEXT)
PARTS: dict[str, Any] = {
    "touched_queries": st.lists(st.from_type(TouchedQuery), max_size=3),
    "touched_commands": st.lists(st.from_type(TouchedCommand), max_size=3),
    "permissions": st.lists(st.from_type(Permission), max_size=3),
    "egress": st.lists(st.from_type(Egress), max_size=3),
}
"""The lists rules are most about are drawn apart, so that each is often there and not always."""


@settings(max_examples=150, deadline=None)
@given(whole=st.from_type(PolicyInput), parts=st.fixed_dictionaries(PARTS))
def test_inputs_nobody_thought_of_give_the_same_findings(
    whole: PolicyInput, parts: dict[str, Any], opa: Opa, ours: Compiled
) -> None:
    lists = {
        name: TypeAdapter(list[Any]).dump_python(drawn, mode="json", by_alias=True)
        for name, drawn in parts.items()
    }
    document = {**whole.model_dump(mode="json", by_alias=True), **lists}
    found = same(opa, ours, document)
    assert not [finding for finding in found if finding["rule"] == "input-incomplete"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_inputs_that_lack_something_give_the_same_findings(
    data: st.DataObject, opa: Opa, ours: Compiled, quiet: dict[str, Any]
) -> None:
    document = copy.deepcopy(quiet)
    del document["manifest"]["template"]  # null where an app has none, and no rule asks
    for _ in range(data.draw(st.integers(1, 3))):
        part: Any = document
        while True:
            key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
            if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
                break
            part = part[key]
        if isinstance(part, dict):
            del part[key]
        else:
            part[key] = None
        if not document:
            break
    assert same(opa, ours, document), "an input that lacks a fact is refused by both"


def test_the_cases_pass_as_opa_test_runs_them(opa: Opa) -> None:
    found = opa.document("appguard.opa_test", {})
    assert found == {
        "test_rules_are_silent_where_their_cases_say": True,
        "test_rules_fire_where_their_cases_say": True,
    }


def test_conftest_finds_a_message_in_every_denial(opa: Opa, quiet: dict[str, Any]) -> None:
    document = {**quiet, "egress": [{"host": "10.0.0.1", "kind": "address"}]}
    (found,) = opa.document("appguard.deny", document)
    assert found["msg"] == "10.0.0.1 is not a public host name."


@pytest.mark.parametrize("name", FILES.rules)
def test_the_cases_of_a_rule_reach_every_line_of_it(name: str) -> None:
    rule = FILES.rules[name]
    opa = Opa(FILES.modules() | FILES.test_modules(), dict(FILES.data))
    _, fires, silent = read_cases(FILES, rule)
    reached: set[int] = set()
    missed: set[int] = set()
    for document in [*(case.input for case in fires.values()), *silent.values()]:
        report = opa.covered(f"{rule.package}.deny", document)[rule.path]
        reached |= lines(report.get("covered"))
        missed |= lines(report.get("not_covered"))
    assert missed - reached == set(), f"no case reaches these lines of {rule.path}"


def lines(ranges: list[dict[str, Any]] | None) -> set[int]:
    return {row for each in ranges or () for row in range(each["start"]["row"], each["end"]["row"] + 1)}
