from collections.abc import Callable

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.manifest import check
from appguard.gates.model import GateContext
from appguard.kernel.finding import Severity

Edit = Callable[..., Bundle]


def line_with(bundle: Bundle, text: str) -> int:
    lines = bundle.files["app.yaml"].decode().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_finished_example_has_no_fault(leave_request: Bundle, context: GateContext) -> None:
    assert check(leave_request, context) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "at", "remedy"),
    [
        ("- name: hr-db", "- name: hr-bd", "connector-unknown", "- name: hr-bd", "Did you mean hr-db?"),
        ("my_leave_balance", "my_leave_balanse", "query-unknown", "[my_leave_balanse", "my_leave_balance?"),
        ("request_leave", "request_leve", "command-unknown", "commands:", "request_leave?"),
        (
            "{name: remaining_days",
            "{name: remaining",
            "column-unknown",
            "{name: remaining,",
            "remaining_days?",
        ),
        ("page: request", "page: requests", "form-unknown", "page: requests", "Did you mean request?"),
        ("@example.com", "-team@example.com", "owner-not-a-person", "owner:", "person who answers"),
    ],
)
def test_a_name_that_does_not_exist_is_named_with_its_line_and_the_nearest(
    edited: Edit, context: GateContext, old: str, new: str, rule: str, at: str, remedy: str
) -> None:
    bundle = edited(old, new)
    found = next(finding for finding in check(bundle, context) if finding.rule == rule)
    assert found.severity is Severity.BLOCK
    assert (found.path, found.line) == ("app.yaml", line_with(bundle, at))
    assert remedy in found.remediation


@pytest.mark.parametrize("owner", ["hr-team@example.com", "info@example.com", "it.support@example.com"])
def test_a_shared_mailbox_cannot_own_an_app(edited: Edit, context: GateContext, owner: str) -> None:
    assert "owner-not-a-person" in {f.rule for f in check(edited("ana@example.com", owner), context)}


@pytest.mark.parametrize("owner", ["ana.hall@example.com", "team-lead.maria@example.com", "it@alia.example"])
def test_an_owner_is_judged_by_whole_words(edited: Edit, context: GateContext, owner: str) -> None:
    people = {"ana.hall@example.com"}
    refused = "owner-not-a-person" in {f.rule for f in check(edited("ana@example.com", owner), context)}
    assert refused is (owner not in people)


def test_a_page_whose_query_nobody_asked_for_is_dead(edited: Edit, context: GateContext) -> None:
    rules = {f.rule for f in check(edited("commands: [request_leave]", "commands: []"), context)}
    assert rules == {"page-dead"}


def test_a_right_no_page_uses_is_a_warning(edited: Edit, context: GateContext) -> None:
    bundle = edited("commands: [request_leave]", "commands: [request_leave, decide_leave]")
    (finding,) = check(bundle, context)
    assert (finding.rule, finding.severity) == ("connector-unused", Severity.WARN)


def test_an_unreadable_manifest_names_each_problem_with_line_and_column(
    edited: Edit, context: GateContext
) -> None:
    found = check(edited("retention: 3y", "retention: 5y\n  colour: blue"), context)
    assert {finding.rule for finding in found} == {"manifest-invalid"}
    assert len(found) == 2
    assert all("(line " in finding.message and ", column " in finding.message for finding in found)
