import pytest

from appguard.policy.calls import scan, unknown

SHARED = "package appguard.shared.classes\n\nat_least(a, b) if a > b\n"


def calls(source: str) -> list[str]:
    return [call for _, call in unknown({"rule": source, "shared": SHARED})]


@pytest.mark.parametrize(
    "source",
    [
        'deny contains f if { f := sprintf("%s", [input.x]) }',
        "import data.appguard.shared.classes\nx if classes.at_least(1, 2)",
        "import data.appguard.shared.classes as c\nx if c.at_least(1, 2)",
        "x if data.appguard.shared.classes.at_least(1, 2)",
        "own(a) if a\nx if own(1)",
        "default own(_) := false\nown(a) if a\nx if own(1)",
        'x := "http.send(1)" # http.send(2)',
        "x := `http.send(1)`",
        "x if (1 == 1)",
        "x if 1 in (input.y | input.z)",
    ],
)
def test_calls_of_what_is_known_pass(source: str) -> None:
    assert calls(f"package appguard.rules.x\n{source}") == []


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("deny contains 1 if http.send({})", "http.send"),
        ("deny contains 1 if {\nhttp.send({})\n}", "http.send"),
        ("deny contains 1 if\nfrobnicate(1)", "frobnicate"),
        ("x :=\nfrobnicate(1)", "frobnicate"),
        ("x if frobnicate (1)", "frobnicate"),
        ("default x := frobnicate(1)", "frobnicate"),
        ("x := {y | some y in input; frobnicate(y)}", "frobnicate"),
        ("x if not frobnicate(1)", "frobnicate"),
        ("x if count(frobnicate(1)) > 1", "frobnicate"),
        ('x if opa["runtime"]()', "a computed function"),
        ('x := $"{http.send({})}"', "a template string"),
        ("import data.appguard.shared.classes\nx if classes.other(1)", "classes.other"),
        ("import data.appguard.shared.other\nx if other.at_least(1)", "other.at_least"),
        ("x if at_least(1, 2)", "at_least"),
    ],
)
def test_a_call_of_anything_else_is_named(source: str, call: str) -> None:
    assert calls(f"package appguard.rules.x\n{source}") == [call]


def test_what_with_replaces_is_seen() -> None:
    found = scan("package x\ny if z with input as {} with http.send as 1 with\n data.q as 2").mocks
    assert found == {"input", "http.send", "data.q"}
