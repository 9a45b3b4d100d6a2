"""Forms and tables against the parameters of their commands and queries."""

from collections.abc import Callable

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.contracts import check
from appguard.gates.model import GateContext
from appguard.kernel.finding import Severity
from tests.unit.gates.conftest import EXAMPLES

Edit = Callable[..., Bundle]
MAPPING = '{"leave_type": leave_type, "starts_on": first_day, "ends_on": last_day, "reason": comment}'
YEAR = '{"year": $number($substring($today, 0, 4))}'


def test_the_finished_example_keeps_its_contracts(leave_request: Bundle) -> None:
    assert check(leave_request, GateContext.of_platform()) == []


@pytest.mark.parametrize("template", ["hr-self-service", "office-self-service"])
def test_the_templates_keep_their_contracts(context: GateContext, template: str) -> None:
    text = (EXAMPLES.parent / "policies" / "templates" / template / "app.yaml").read_text()
    words = {"id": "an-app", "owner": "ana@example.com", "template": f"{template}@1", "users": "employees"}
    words |= {"data_class": "personal", "criticality": "low", "purpose": "Try the template as it stands"}
    for name in ("id", "name", "description", "owner", "team", "template", "purpose", *words):
        text = text.replace(f"${{{name}}}", words.get(name, "Some words"))
    bundle = Bundle({"app.yaml": text.replace("$$", "$").encode()})
    bundle.manifest()
    assert check(bundle, context) == []


def mapped(old: str, new: str) -> tuple[str, str]:
    """The form's mapping with a part of it replaced."""
    assert old in MAPPING
    return MAPPING, MAPPING.replace(old, new)


@pytest.mark.parametrize(
    ("edit", "rule", "severity", "says"),
    [
        (mapped('"reason"', '"note"'), "parameter-unknown", "block", "note"),
        (mapped('"ends_on": last_day, ', ""), "parameter-missing", "block", "ends_on"),
        (mapped("first_day", "leave_type"), "parameter-type", "block", "starts_on"),
        (mapped("comment", "$length(comment)"), "parameter-type", "block", "reason"),
        (mapped("leave_type,", "$uppercase(leave_type),"), "choice-unknown", "block", "ANNUAL"),
        (
            ("annual, parental, special, unpaid", "annual, sabbatical"),
            "choice-unknown",
            "block",
            "sabbatical",
        ),
        (("max_length: 300", "max_length: 900"), "parameter-narrow", "warn", "500 characters"),
        ((MAPPING, '{"leave_type": '), "mapping-failed", "block", "request"),
        (mapped("comment", "$error('no')"), "mapping-failed", "block", "request"),
        (
            ("not_before: first_day\n        required: true", "not_before: first_day"),
            "parameter-missing",
            "block",
            "with required fields only",
        ),
        ((YEAR, '{"year": $today}'), "parameter-type", "block", "year"),
        ((YEAR, '{"years": 2026}'), "parameter-unknown", "block", "years"),
        ((f"\n      mapping: '{YEAR}'", ""), "parameter-missing", "block", "without a mapping"),
        (('{"from": $today, "to"', '{"from": "first", "to"'), "parameter-type", "block", "from"),
    ],
)
def test_what_the_connector_would_refuse_is_a_finding_at_its_page(
    edited: Edit, context: GateContext, edit: tuple[str, str], rule: str, severity: str, says: str
) -> None:
    rule = f"contract-{rule}"
    found = check(edited(*edit), context)
    assert {finding.rule for finding in found} >= {rule}
    first = next(finding for finding in found if finding.rule == rule)
    assert first.severity is Severity(severity)
    assert says in first.message
    assert first.path == "app.yaml"
    assert first.line
    assert first.remediation


def test_a_mapping_that_fails_for_some_values_only_is_a_warning(edited: Edit, context: GateContext) -> None:
    mapping = MAPPING.replace("comment", "comment ? comment : $error('no')")
    [finding] = check(edited(MAPPING, mapping), context)
    assert (finding.rule, finding.severity) == ("contract-mapping-failed", Severity.WARN)
    assert "with required fields only" in finding.message


def test_what_does_not_exist_is_left_to_the_manifest_gate(edited: Edit, context: GateContext) -> None:
    assert check(edited("command: request_leave", "command: nothing"), context) == []
    assert check(Bundle({"app.yaml": b"{"}), context) == []


def test_a_mapping_that_never_ends_is_contained(edited: Edit) -> None:
    context = GateContext.of_platform()
    endless = MAPPING.replace("comment", "($f := function($n){$f($n + 1)}; $f(1))")
    found = check(edited(MAPPING, endless), context)
    assert {finding.rule for finding in found} == {"contract-mapping-failed"}
