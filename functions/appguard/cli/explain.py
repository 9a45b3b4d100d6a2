"""`appguard explain RULE`: why a rule is there, what to do, and an example of each kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from appguard.gates.rulebook import Entry, entry
from appguard.gates.rulebook.page import EFFECT
from appguard.kernel.errors import AppGuardError
from appguard.kernel.files import policies_dir

IMPOSSIBLE = 3


def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule a finding names.")],
    policies: Annotated[
        Path | None, typer.Option("--policies", help="The policies folder; else the platform's own.")
    ] = None,
) -> None:
    """Explain a rule: why it is there, and what to do.

    Exits 3 when there is no such rule.
    """
    folder = policies or policies_dir()
    try:
        for line in _lines(entry(rule, folder), folder):
            typer.echo(line)
    except AppGuardError as error:
        typer.echo(f"appguard explain: {error.message}\n{error.advice}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None


def _lines(rule: Entry, folder: Path) -> Iterator[str]:
    yield f"{rule.name}: {rule.title}"
    yield f"It {EFFECT[rule.effect]}. Topic: {rule.topic}."
    yield ""
    yield rule.why
    yield ""
    yield f"What to do: {rule.remediation}"
    if rule.controls:
        yield f"Controls: {', '.join(rule.controls)}"
    yield ""
    if rule.rego is None:
        yield f"Bad:  {rule.bad}"
        yield f"Good: {rule.good}"
    else:
        yield from _cases(rule, folder)


def _cases(rule: Entry, folder: Path) -> Iterator[str]:
    """The rule's plainest case of each kind, as the facts that differ from an app no rule minds."""
    from appguard.policy.examples import examples  # noqa: PLC0415 - compiles the rule; others need no engine
    from appguard.policy.files import load  # noqa: PLC0415 - likewise

    files = load(folder)
    for kind, (name, facts) in examples(files, files.rules[rule.name]).items():
        yield f"{kind.title()}: {name}"
        yield from (f"      {fact}" for fact in facts)
