"""Pages that name functions: found, callable, tried, and watched for what they could carry away."""

from collections.abc import Callable

import pytest

from appguard.apps.bundle import Bundle
from appguard.apps.capabilities import Capabilities
from appguard.apps.capability_diff import diff
from appguard.connectors.registry import registry
from appguard.gates import contracts, data, manifest, tests
from appguard.gates.model import Decision, GateContext
from appguard.gates.runner import run
from appguard.kernel.finding import Severity
from tests.unit.gates.conftest import EXAMPLES

Edit = Callable[..., Bundle]


@pytest.fixture(scope="module")
def planned() -> Bundle:
    return Bundle.from_dir(EXAMPLES / "planned-leave")


@pytest.fixture
def edit(planned: Bundle) -> Edit:
    def edited(path: str, old: str, new: str) -> Bundle:
        text = planned.files[path].decode()
        assert old in text
        return Bundle({**planned.files, path: text.replace(old, new).encode()})

    return edited


def test_the_example_with_code_needs_an_approval_for_its_data_and_nothing_else(
    planned: Bundle, context: GateContext
) -> None:
    report = run(planned, context)
    assert report.decision is Decision.NEEDS_APPROVAL
    assert {finding.rule for finding in report.findings} == {"personal-data"}
    assert "It brings code of its own: logic.py." in report.risk.reasons


def test_a_function_that_does_not_exist_is_named_with_the_nearest_and_mended(
    edit: Edit, context: GateContext
) -> None:
    [found] = manifest.check(edit("app.yaml", "check: too_many_days", "check: too_many_day"), context)
    assert (found.rule, found.severity) == ("function-unknown", Severity.BLOCK)
    assert found.message == "There is no function too_many_day of logic.py."
    assert found.remediation == "Did you mean too_many_days?"
    assert found.fix is not None


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("async def this_year(today):", "is async"),
        ("def this_year(values):", "asks for values"),
        ("def this_year(today, when):", "asks for when"),
        ("def this_year(*args):", "by position"),
        ("def this_year(today, /):", "by position"),
        ("def this_year(today):\n    yield 1\n    ", "yields"),
    ],
)
def test_a_function_its_page_cannot_call_is_refused(
    edit: Edit, context: GateContext, new: str, says: str
) -> None:
    [found] = manifest.check(edit("logic.py", "def this_year(today):", new), context)
    assert (found.rule, found.severity) == ("function-signature", Severity.BLOCK)
    assert says in found.message
    assert "user, today, broker" in found.remediation


def test_a_parameter_with_a_default_of_its_own_is_no_fault(edit: Edit, context: GateContext) -> None:
    assert manifest.check(edit("logic.py", "this_year(today)", "this_year(today, add=0)"), context) == []


def test_a_query_that_only_code_asks_is_used(edit: Edit, context: GateContext) -> None:
    unasked = edit("logic.py", 'broker.query("office-directory", "company_holidays", {"year": year})', "[]")
    [found] = manifest.check(unasked, context)
    assert (found.rule, "company_holidays" in found.message) == ("connector-unused", True)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("hr-db/my_leave_balance", "hr-db/my_leave", "query-unknown"),
        ("remaining_days: 2", "left: 2", "column-unknown"),
    ],
)
def test_rows_of_an_example_are_those_of_its_queries(
    edit: Edit, context: GateContext, old: str, new: str, rule: str
) -> None:
    assert {found.rule for found in manifest.check(edit("app.yaml", old, new), context)} == {rule}


def test_an_example_is_held_against_what_the_functions_really_do(edit: Edit, context: GateContext) -> None:
    [found] = tests.check(edit("app.yaml", "remaining_days: 2", "remaining_days: 20"), context)
    assert (found.rule, found.severity) == ("test-failed", Severity.BLOCK)
    assert "expects errors in last_day, found none" in found.message


def test_an_example_whose_function_fails_names_error_and_line(edit: Edit, context: GateContext) -> None:
    found = tests.check(edit("logic.py", '"annual",', 'values["x"],'), context)
    assert any("annual_leave of this app stopped with KeyError in line" in each.message for each in found)


def test_what_a_function_sends_is_held_against_the_command(edit: Edit, context: GateContext) -> None:
    found = contracts.check(edit("logic.py", '"starts_on":', '"begins":'), context)
    assert {each.rule for each in found} == {"contract-parameter-unknown", "contract-parameter-missing"}


def test_code_that_could_carry_data_to_where_less_protects_it_needs_a_person(
    edit: Edit, context: GateContext
) -> None:
    text = edit(
        "app.yaml",
        "connector: hr-db\n      command: request_leave",
        "connector: office-directory\n      command: report_defect",
    )
    lowered = [found for found in data.check(text, context) if found.rule == "data-class-lowered"]
    assert [(found.severity, found.path) for found in lowered] == [(Severity.APPROVE, "app.yaml")]
    assert "annual_leave could put personal data from hr-db/my_leave_balance" in lowered[0].message


def test_a_reviewer_reads_which_pages_run_code_and_when(planned: Bundle, edit: Edit) -> None:
    before = Capabilities.of(edit("app.yaml", "    check: too_many_days\n", ""), registry())
    after = Capabilities.of(planned, registry())
    assert [entry.sentence for entry in diff(before, after).entries] == [
        "It now runs its own code to judge what is entered in “Plan annual leave”."
    ]
