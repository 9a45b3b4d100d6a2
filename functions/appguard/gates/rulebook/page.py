"""docs/rules.md, written from the book."""

from collections.abc import Iterator, Mapping

from appguard.gates.rulebook import Entry
from appguard.kernel.finding import Severity

EFFECT: Mapping[Severity, str] = {
    Severity.BLOCK: "refuses",
    Severity.APPROVE: "asks for approval",
    Severity.WARN: "warns",
    Severity.HINT: "hints",
}


def markdown(book: Mapping[str, Entry]) -> str:
    """A table of all rules by topic, then each rule."""
    return "\n".join(_lines(book)) + "\n"


def _lines(book: Mapping[str, Entry]) -> Iterator[str]:
    yield "# The rules"
    yield ""
    yield "Written by `appguard policy docs` from the METADATA in `policies/rego` and the gates' own books in"
    yield "`functions/appguard/gates/rulebook`; edit those instead. A rule **refuses** (for good), **asks for"
    yield "approval** by a person, **warns** or **hints**. `appguard explain RULE` tells the same."
    yield ""
    yield "| topic | rule | effect | what it says |"
    yield "|---|---|---|---|"
    for rule in book.values():
        yield f"| {rule.topic} | [{rule.name}](#{rule.name}) | {EFFECT[rule.effect]} | {rule.title} |"
    for rule in book.values():
        yield from _rule(rule)


def _rule(rule: Entry) -> Iterator[str]:
    yield ""
    yield f"## {rule.name}"
    yield ""
    yield f"**{rule.title}** ({EFFECT[rule.effect]}). {rule.why}"
    yield ""
    yield f"What to do: {rule.remediation}"
    yield ""
    serves = f" Serves {', '.join(rule.controls)}." if rule.controls else ""
    if rule.rego:
        cases = rule.rego.replace("rule.rego", "rule_test.rego")
        yield f"[Rule](../policies/{rule.rego}) and [cases](../policies/{cases}).{serves}"
    else:
        yield f"Bad: `{rule.bad}`. Good: `{rule.good}`.{serves}"
