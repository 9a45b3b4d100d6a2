"""`appguard policy`: test the rules, ask them, and write their catalogue."""

import json
from pathlib import Path
from typing import Annotated

import typer

from appguard.cli.impact import impact
from appguard.gates.rulebook import entries
from appguard.gates.rulebook.page import markdown
from appguard.kernel.errors import AppGuardError
from appguard.kernel.files import policies_dir
from appguard.policy.cases import RuleResult, run
from appguard.policy.engine import engine
from appguard.policy.files import load

app = typer.Typer(
    help="Test and ask the policies.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Policies = Annotated[
    Path | None, typer.Option("--policies", help="The policies folder; else the platform's own.")
]
IMPOSSIBLE = 3


@app.command("test")
def cases(policies: Policies = None) -> None:
    """Run the cases of every rule. Exits 1 if one fails, or a rule lacks a firing or a silent case."""
    try:
        results = list(run(load(policies or policies_dir())))
    except AppGuardError as error:
        raise _stop(error) from None
    for result in results:
        _print(result)
    passed = sum(case.passed for result in results for case in result.cases)
    total = sum(len(result.cases) for result in results)
    covered = sum(result.covered for result in results)
    typer.echo(f"{passed} of {total} cases pass; {covered} of {len(results)} rules are covered both ways")
    raise typer.Exit(0 if all(result.ok for result in results) else 1)


@app.command("eval")
def eval_(
    input_file: Annotated[Path, typer.Option("--input", help="A policy input as JSON.")],
    policies: Policies = None,
) -> None:
    """Print what the rules find in one input, as JSON. Exits 1 on a refusal, 2 where approval is needed."""
    try:
        document = json.loads(input_file.read_bytes())
        rules = engine(policies or policies_dir())
        findings = rules.evaluate_document(document)
    except AppGuardError as error:
        raise _stop(error) from None
    except (OSError, ValueError) as error:
        typer.echo(f"appguard policy: cannot read {input_file}: {error}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    found = [finding.model_dump(mode="json") for finding in findings]
    typer.echo(json.dumps({"findings": found, "policy_digest": rules.digest}, indent=2))
    severities = {finding.severity.value for finding in findings}
    raise typer.Exit(1 if "block" in severities else 2 if "approve" in severities else 0)


app.command("impact")(impact)


@app.command()
def stage(policies: Policies = None) -> None:
    """Upload the policies as a candidate and print its digest. Two people then publish it in the portal."""
    from appguard.cli.ledger_access import enter  # noqa: PLC0415 - no other command here needs AWS
    from appguard.policy.releases import releases  # noqa: PLC0415 - likewise

    try:
        enter()
        digest = releases().stage(policies or policies_dir())
    except AppGuardError as error:
        raise _stop(error) from None
    typer.echo(digest)
    typer.echo("Compare and propose it in the portal, under Policies.", err=True)


@app.command()
def docs(policies: Policies = None) -> None:
    """Print the rule catalogue (docs/rules.md)."""
    try:
        typer.echo(markdown(entries(policies or policies_dir())), nl=False)
    except AppGuardError as error:
        raise _stop(error) from None


def _print(result: RuleResult) -> None:
    typer.echo(f"{'ok  ' if result.ok else 'FAIL'} {result.rule} ({len(result.cases)} cases)")
    for case in result.cases:
        if not case.passed:
            typer.echo(
                f"     {case.kind} {case.name!r}: expected {list(case.expected)}, found {list(case.found)}"
            )
    if not result.covered:
        typer.echo("     not covered: it needs a passing case that fires and one that stays silent")


def _stop(error: AppGuardError) -> typer.Exit:
    typer.echo(f"appguard policy: {error.message}\n{error.advice}", err=True)
    return typer.Exit(IMPOSSIBLE)
