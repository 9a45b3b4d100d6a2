from collections.abc import Callable

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates import data
from appguard.gates.model import GateContext
from appguard.kernel.finding import Finding

FIELD = """      - name: private_email
        type: email
        label: Private e-mail
      - name: comment
"""
OLD = '"reason": comment}'


def found(edited: Callable[..., Bundle], context: GateContext, reason: str) -> list[Finding]:
    bundle = edited("      - name: comment\n", FIELD)
    manifest = bundle.files["app.yaml"].decode().replace(OLD, f'"reason": {reason}}}')
    return data.check(Bundle({"app.yaml": manifest.encode()}), context)


@pytest.mark.parametrize(
    ("reason", "place"),
    [
        ('"https://h.example/?who=" & private_email', "urls"),
        ('$error("no leave for " & private_email)', "errors"),
        ('comment, "file_name": private_email & ".pdf"', "file-names"),
        ('comment, "redirect_url": private_email', "urls"),
        ('comment, "subject": $join(["For ", private_email])', "mail"),
    ],
)
def test_a_mapping_that_puts_personal_data_in_the_wrong_place_is_found(
    edited: Callable[..., Bundle], context: GateContext, reason: str, place: str
) -> None:
    (finding,) = found(edited, context, reason)
    assert finding.rule == f"personal-data-in-{place}"
    assert "private_email" in finding.message
    assert finding.line is not None
    assert finding.line > 40


@pytest.mark.parametrize(
    "reason", ["comment", "private_email", '"https://h.example/?d=" & $today', '"/* " & comment']
)
def test_other_mappings_are_left_alone(
    edited: Callable[..., Bundle], context: GateContext, reason: str
) -> None:
    assert found(edited, context, reason) == []


def test_a_field_that_asks_for_more_than_was_declared_needs_a_person(
    edited: Callable[..., Bundle], context: GateContext
) -> None:
    bundle = edited("      - name: comment\n", FIELD)
    manifest = bundle.files["app.yaml"].decode().replace("data_class: personal", "data_class: internal")
    found = data.check(Bundle({"app.yaml": manifest.encode()}), context)
    assert [finding.rule for finding in found] == ["personal-field-undeclared"]


def test_the_finished_example_has_no_findings(leave_request: Bundle, context: GateContext) -> None:
    assert data.check(leave_request, context) == []


def test_a_manifest_that_cannot_be_read_still_has_its_files_searched(context: GateContext) -> None:
    (finding,) = data.check(Bundle({"app.yaml": b": :", "a.txt": b"4539 1488 0343 6467"}), context)
    assert finding.path == "a.txt"
