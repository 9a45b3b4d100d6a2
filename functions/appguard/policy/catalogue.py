"""The rule catalogue, written from the rules' METADATA."""

from collections.abc import Iterator

from appguard.kernel.finding import Severity
from appguard.policy.model import PolicyFiles, Rule

_EFFECT = {
    Severity.BLOCK: "refuses",
    Severity.APPROVE: "asks for approval",
    Severity.WARN: "warns",
    Severity.HINT: "hints",
}


def markdown(files: PolicyFiles) -> str:
    """docs/rules.md: a table of all rules by topic, then each rule."""
    return "\n".join(_lines(files)) + "\n"


def _lines(files: PolicyFiles) -> Iterator[str]:
    rules = sorted(files.rules.values(), key=lambda rule: (rule.topic, rule.name))
    yield "# The rules"
    yield ""
    yield "Written by `appguard policy docs` from the METADATA in `policies/rego`; edit the rules instead."
    yield "A rule **refuses** (for good), **asks for approval** by a person, **warns** or **hints**."
    yield ""
    yield "| topic | rule | effect | what it says |"
    yield "|---|---|---|---|"
    for rule in rules:
        effect = _EFFECT[rule.metadata.severity]
        yield f"| {rule.topic} | [{rule.name}](#{rule.name}) | {effect} | {rule.metadata.title} |"
    for rule in rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield ""
    yield f"## {rule.name}"
    yield ""
    yield f"**{rule.metadata.title}** ({_EFFECT[rule.metadata.severity]}). {rule.metadata.description}"
    yield ""
    yield f"What to do: {rule.metadata.remediation}"
    yield ""
    controls = f" Serves {', '.join(rule.metadata.controls)}." if rule.metadata.controls else ""
    yield f"[Rule](../policies/{rule.path}) and [cases](../policies/{rule.test_path}).{controls}"
