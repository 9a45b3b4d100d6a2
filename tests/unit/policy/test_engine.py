"""Every way in which the policies could fail to speak is a refusal."""

import copy
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from appguard.kernel.files import policies_dir
from appguard.kernel.finding import Severity
from appguard.policy.engine import PolicyEngine, denials, engine
from appguard.policy.errors import PolicyFailed, PolicyUnusable

AddRule = Callable[[str], Path]
FINDING = 'finding := {"rule": "noisy", "msg": "hello", "path": "intent.users"}'


def test_a_quiet_app_has_no_findings(quiet: dict[str, Any]) -> None:
    assert engine(policies_dir()).evaluate_document(quiet) == []


def test_a_finding_carries_its_rules_metadata(quiet: dict[str, Any]) -> None:
    document = {**quiet, "egress": [{"host": "10.0.0.1", "kind": "address"}]}
    (finding,) = engine(policies_dir()).evaluate_document(document)
    assert (finding.rule, finding.severity, finding.key) == (
        "egress-forbidden",
        Severity.BLOCK,
        "runtime.egress[0]",
    )
    assert finding.remediation.startswith("Name the public host")
    assert "SOC2-CC6.6" in finding.controls


def test_a_rule_that_is_added_speaks(add_rule: AddRule, quiet: dict[str, Any]) -> None:
    (finding,) = PolicyEngine.load(add_rule(FINDING)).evaluate_document(quiet)
    assert (finding.rule, finding.message) == ("noisy", "hello")


def _paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if not isinstance(value, list):
            yield (*at, key)
        yield from _paths(inner, (*at, key))


def test_an_input_without_any_one_of_its_facts_is_refused(quiet: dict[str, Any]) -> None:
    full = {
        **quiet,
        "touched_commands": [{"connector": "c", "name": "n", "class": "internal", "path": ""}],
        "permissions": [{"action": "s3:GetObject", "service": "s3", "operation": "getobject"}],
        "egress": [{"host": "api.example.org", "kind": "external"}],
    }
    rules = engine(policies_dir())
    rules.evaluate_document(full)
    for path in _paths(full):
        lacking = copy.deepcopy(full)
        parent: Any = lacking
        for step in path[:-1]:
            parent = parent[step]
        del parent[path[-1]]
        with pytest.raises(PolicyFailed, match="wrong shape"):
            rules.evaluate_document(lacking)


@pytest.mark.parametrize("document", [None, [], "text", {}, 7])
def test_an_input_that_is_no_policy_input_is_refused(document: Any) -> None:
    with pytest.raises(PolicyFailed):
        engine(policies_dir()).evaluate_document(document)


def test_an_input_with_an_unknown_fact_is_refused(quiet: dict[str, Any]) -> None:
    with pytest.raises(PolicyFailed):
        engine(policies_dir()).evaluate_document({**quiet, "exempt": True})


@pytest.mark.parametrize("character", ['"', "\\", "\n", "\x00"])
def test_text_that_could_rewrite_an_answer_is_refused(quiet: dict[str, Any], character: str) -> None:
    host = f'a{character}, "rule": "purpose-vague'
    with pytest.raises(PolicyFailed, match="wrong shape"):
        engine(policies_dir()).evaluate_document({**quiet, "egress": [{"host": host, "kind": "address"}]})


@pytest.mark.parametrize(
    "call",
    [
        'http.send({"url": "http://example.org"})',
        "opa.runtime()",
        'net.cidr_contains("10.0.0.0/8", "10.1.1.1")',
        "rego.metadata.rule()",
        'json.match_schema({}, {"type": "string"})',
        'strings.render_template("x", {})',
        'glob.match("*", [], "x")',
        'semver.compare("1.10.0", "1.9.0") == 1',
        "not frobnicate(input)",
        'object.union({"a": 1}, {})',
        "classes.nothing(input)",
        'opa["runtime"]()',
        "time.now_ns() > 0",
    ],
)
def test_a_rule_that_calls_what_the_engine_would_ignore_does_not_load(add_rule: AddRule, call: str) -> None:
    with pytest.raises(PolicyUnusable, match="silently ignore"):
        PolicyEngine.load(add_rule(f"{call}\n\t{FINDING}"))


def test_a_rule_that_replaces_its_input_does_not_load(add_rule: AddRule) -> None:
    with pytest.raises(PolicyUnusable, match="with input"):
        PolicyEngine.load(add_rule(f"count(input.egress) == 0 with input as {{}}\n\t{FINDING}"))


def test_a_rule_that_replaces_data_does_not_load(add_rule: AddRule) -> None:
    """In a query, regopy ends the whole process on this."""
    with pytest.raises(PolicyUnusable, match="with data"):
        PolicyEngine.load(add_rule(f"count(input.egress) == 0 with data.data_classes as {{}}\n\t{FINDING}"))


def test_a_rule_of_rego_v0_does_not_load(add_rule: AddRule) -> None:
    folder = add_rule(FINDING)
    rule = folder / "rego" / "guide" / "noisy" / "rule.rego"
    rule.write_text(rule.read_text().replace("deny contains finding if {", "deny[finding] {"))
    with pytest.raises(PolicyUnusable):
        PolicyEngine.load(folder)


def test_two_rules_of_one_name_do_not_load(add_rule: AddRule) -> None:
    folder = add_rule(FINDING)
    shutil.copytree(folder / "rego" / "guide" / "noisy", folder / "rego" / "network" / "noisy")
    with pytest.raises(PolicyUnusable, match="noisy"):
        PolicyEngine.load(folder)


def test_a_rule_without_metadata_does_not_load(add_rule: AddRule) -> None:
    folder = add_rule(FINDING)
    rule = folder / "rego" / "guide" / "noisy" / "rule.rego"
    rule.write_text("\n".join(line for line in rule.read_text().splitlines() if not line.startswith("#")))
    with pytest.raises(PolicyUnusable, match="METADATA"):
        PolicyEngine.load(folder)


def test_a_rule_that_does_not_parse_does_not_load(add_rule: AddRule) -> None:
    with pytest.raises(PolicyUnusable):
        PolicyEngine.load(add_rule("finding := {"))


@pytest.mark.parametrize("body", ["x := 1 / 0", 'x := object.get("text", 1)'])
def test_a_rule_that_errs_is_a_refusal(add_rule: AddRule, quiet: dict[str, Any], body: str) -> None:
    with pytest.raises((PolicyFailed, PolicyUnusable)):
        PolicyEngine.load(add_rule(f"{body}\n\tx == x\n\t{FINDING}")).evaluate_document(quiet)


@pytest.mark.parametrize(
    "finding",
    [
        '"just text"',
        '{"rule": "noisy"}',
        '{"rule": "noisy", "msg": 3, "path": ""}',
        '{"rule": "noisy", "msg": "m", "path": "", "severity": "hint"}',
        '{"rule": "no-such-rule", "msg": "m", "path": ""}',
    ],
)
def test_an_answer_of_another_shape_is_a_refusal(
    add_rule: AddRule, quiet: dict[str, Any], finding: str
) -> None:
    with pytest.raises(PolicyFailed):
        PolicyEngine.load(add_rule(f"finding := {finding}")).evaluate_document(quiet)


@pytest.mark.parametrize("answer", [None, {}, "denied", [None], [[]], True])
def test_an_answer_that_is_no_set_of_denials_is_a_refusal(answer: Any) -> None:
    with pytest.raises(PolicyFailed):
        denials(answer)


def test_one_engine_may_be_asked_by_many_threads(quiet: dict[str, Any]) -> None:
    rules = engine(policies_dir())
    loud = {**quiet, "egress": [{"host": "10.0.0.1", "kind": "address"}]}
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda n: len(rules.evaluate_document(loud if n % 2 else quiet)), range(60)))
    assert counts == [n % 2 for n in range(60)]
