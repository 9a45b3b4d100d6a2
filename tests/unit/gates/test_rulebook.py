"""Every rule a person may meet is explained, and none is explained twice."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from appguard.gates.limits import SECONDS
from appguard.gates.rulebook import HERE, entries, entry
from appguard.gates.rulebook.page import markdown
from appguard.kernel.errors import NotFound
from appguard.kernel.files import policies_dir

SOURCES = sorted(Path("functions/appguard").rglob("*.py"))


def test_every_rule_a_gates_code_names_is_in_the_book() -> None:
    named = {rule: path for path in SOURCES for rule in rules_named_in(path)}
    assert {"gate-failed", "secret-hidden", "owner-not-a-person"} <= set(named)
    missing = {rule: str(path) for rule, path in named.items() if rule not in entries(policies_dir())}
    assert missing == {}, f"explain them in functions/appguard/gates/rulebook/<gate>.yaml: {missing}"


def test_the_book_has_a_chapter_for_gates_and_the_linter_only() -> None:
    assert {path.stem for path in HERE.glob("*.yaml")} <= {*SECONDS, "every-gate", "connectors"}


def test_rego_rules_are_in_the_book_with_the_words_of_their_metadata() -> None:
    rule = entry("internal-data-public", policies_dir())
    assert (rule.topic, rule.rego) == ("exposure", "rego/exposure/internal-data-public/rule.rego")
    assert rule.why.startswith("An app that anybody may open")


def test_a_mistyped_rule_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound) as error:
        entry("secret-in-bundel", policies_dir())
    assert "secret-in-bundle" in error.value.advice


def test_the_page_tells_every_rule() -> None:
    page = markdown(entries(policies_dir()))
    assert all(f"## {name}\n" in page for name in entries(policies_dir()))


def rules_named_in(path: Path) -> Iterator[str]:
    """Constants given as `rule=`, through conditionals and the parameters of a module's own functions."""
    tree = ast.parse(path.read_text())
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for function in functions.values():
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", getattr(call.func, "attr", "")).endswith("Finding"):
                for keyword in call.keywords:
                    if keyword.arg == "rule":
                        yield from constants(keyword.value, function, tree)


def constants(value: ast.expr, function: ast.FunctionDef, tree: ast.Module, depth: int = 3) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from constants(value.body, function, tree, depth)
        yield from constants(value.orelse, function, tree, depth)
    elif isinstance(value, ast.Name) and depth:
        names = [argument.arg for argument in function.args.args]
        if value.id in names:
            for caller, given in arguments(function.name, names.index(value.id), value.id, tree):
                yield from constants(given, caller, tree, depth - 1)


def arguments(
    name: str, position: int, keyword: str, tree: ast.Module
) -> Iterator[tuple[ast.FunctionDef, ast.expr]]:
    """What each call of a function gives for one of its parameters, and in which function it is made."""
    for caller in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(caller) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", None) == name:
                named = {each.arg: each.value for each in call.keywords}
                if keyword in named:
                    yield caller, named[keyword]
                elif position < len(call.args):
                    yield caller, call.args[position]
