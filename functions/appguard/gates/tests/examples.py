"""What became of the manifest's examples."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.made_up import answers
from appguard.apps.manifest import ExampleTest
from appguard.apps.yaml_source import Document, ManifestError
from appguard.gates.model import GateContext
from appguard.gates.positions import line_of
from appguard.gates.sandbox.model import Answer, FormQuestion, SandboxReport
from appguard.kernel.finding import Finding, Severity
from appguard.runtime.made_up_rows import MadeUpRows
from appguard.runtime.pages import FormPage, functions

_MAPPING = "Correct submit.mapping or the function of this form; “Try it” in the portal shows what it sends."


class Example(NamedTuple):
    """An example of the manifest, its position there, and its form."""

    number: int
    test: ExampleTest
    page: FormPage


def of(bundle: Bundle) -> list[Example]:
    """Each example with its form; the manifest gate speaks of those without one."""
    try:
        manifest = bundle.manifest()
    except ManifestError:
        return []
    forms = {page.id: page for page in manifest.pages if isinstance(page, FormPage)}
    return [
        Example(number, test, forms[test.page])
        for number, test in enumerate(manifest.tests)
        if test.page in forms
    ]


def questions(
    bundle: Bundle, context: GateContext, examples: Sequence[Example], today: str
) -> tuple[FormQuestion, ...]:
    """What the sandbox is asked, in the same order."""
    return tuple(
        FormQuestion(page=page, ways=(test.given,), today=today, rows=_rows(bundle, context, test, page))
        for _, test, page in examples
    )


def _rows(bundle: Bundle, context: GateContext, test: ExampleTest, page: FormPage) -> dict[str, MadeUpRows]:
    """What queries answer to the page's functions: what the example says, else made-up rows."""
    if not functions(page):
        return {}
    answered = answers(bundle.manifest(), context.connectors, test.rows)
    return {key: MadeUpRows.model_validate(answer) for key, answer in answered.items()}


def findings(examples: Sequence[Example], report: SandboxReport, source: Document) -> Iterator[Finding]:
    """The examples that do not hold, and the one at which the sandbox came to a halt."""
    for example, answer in zip(examples, report.answers, strict=False):
        yield from _compared(example, answer, source)
    for example in examples[len(report.answers) :][:1]:
        rule = "tests-too-long" if report.unanswered == "too-long" else "test-failed"
        message = f"The example “{example.test.name}” kept the sandbox from going on."
        yield _finding(example, rule, message, _MAPPING, source)


def _compared(example: Example, answer: Answer, source: Document) -> Iterator[Finding]:
    _, test, page = example
    if strange := sorted(set(test.given) - {field.name for field in page.fields}):
        message = f"The example “{test.name}” fills in what the form lacks: {', '.join(strange)}."
        yield _finding(example, "test-failed", message, "Correct the names under given.", source)
    elif answer.failed is not None:
        yield _finding(
            example, "test-failed", f"The example “{test.name}”: {answer.failed}", _MAPPING, source
        )
    elif why := _difference(test, answer):
        remedy = "Correct the form or its mapping, or what the example expects."
        yield _finding(example, "test-failed", f"The example “{test.name}” {why}.", remedy, source)


def _difference(test: ExampleTest, answer: Answer) -> str:
    """What was expected and what was found instead; fields by name, and values only of the example itself."""
    if test.expect.errors is not None:
        expected, refused = sorted(test.expect.errors), sorted(answer.refused or ())
        return "" if expected == refused else f"expects errors in {_list(expected)}, found {_list(refused)}"
    if answer.refused is not None:
        return f"expects parameters, but the form refuses {_list(answer.refused)}"
    wanted, sent = test.expect.params or {}, answer.parameters or {}
    wrong = [
        f"{name} is {_shown(sent, name)} instead of {_shown(wanted, name)}"
        for name in sorted(wanted.keys() | sent.keys())
        if name not in wanted or name not in sent or not _same(wanted[name], sent[name])
    ]
    return f"does not hold: {'; '.join(wrong)}" if wrong else ""


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Equal, where true is not one and 2 is 2.0."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _shown(values: Mapping[str, JsonValue], name: str) -> str:
    return f"{values[name]!r:.60}" if name in values else "absent"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _finding(example: Example, rule: str, message: str, remediation: str, source: Document) -> Finding:
    return Finding(
        gate="tests",
        rule=rule,
        severity=Severity.BLOCK,
        message=message,
        remediation=remediation,
        path=MANIFEST,
        line=line_of(f"tests[{example.number}]", source),
        controls=("ISO27001-A.8.29",),
    )
