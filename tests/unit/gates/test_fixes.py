"""A fix removes its finding, adds none, and touches nothing else."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.gates.model import GateContext
from appguard.gates.runner import run
from appguard.kernel.finding import Finding
from appguard.kernel.fix import apply

GATES = {"manifest": 30.0, "policy": 30.0}
Edited = Callable[..., Bundle]

QUERIES = "    queries: [my_leave_balance, my_leave_requests, team_calendar]\n"
MISTAKES = {
    "connector-unknown": [("hr-db", "hr-dbb"), ("hr-db", "hrdb")],
    "query-unknown": [("my_leave_balance", "my_leave_balanc"), ("team_calendar", "team_kalendar")],
    "command-unknown": [("request_leave", "request_leafe")],
    "column-unknown": [("name: birth_date", "name: birthdate"), ("name: status", "name: statuses")],
    "form-unknown": [("page: request", "page: requests")],
    "connector-unused": [
        ("team_calendar]", "team_calendar, my_profile]"),
        ("[my_leave_balance", "[my_profile, my_leave_balance"),
        (
            QUERIES,
            "    queries:\n      - my_profile # unused\n" + "".join(
                f"      - {name}  # kept\n"
                for name in ("my_leave_balance", "my_leave_requests", "team_calendar")
            ),
        ),
    ],
    "page-dead": [
        (", team_calendar]", "]"),
        ("      command: request_leave", "      command: request_leav"),
        ("    commands: [request_leave]\n", ""),
        (QUERIES, "    queries:\n      - my_leave_balance # a\n      - team_calendar # b\n"),
    ],
    "data-class-understated": [("data_class: personal", "data_class: internal # for now")],
    "retirement-late": [("retire_after_months: 6", "retire_after_months: 24 # long")],
    "retention-short": [("retention: 3y", "retention: 1y")],
}  # fmt: skip
CASES = [(rule, old, new) for rule, pairs in MISTAKES.items() for old, new in pairs]


def found(bundle: Bundle, context: GateContext) -> tuple[Finding, ...]:
    return run(bundle, context, seconds=GATES).findings


def said(findings: tuple[Finding, ...]) -> Counter[tuple[str, str]]:
    return Counter((finding.rule, finding.message) for finding in findings)


@pytest.mark.parametrize(("rule", "old", "new"), CASES)
def test_a_fix_removes_its_finding_and_adds_none(
    rule: str, old: str, new: str, edited: Edited, leave_request: Bundle, context: GateContext
) -> None:
    bundle = edited(old, new)
    text = bundle.files[MANIFEST].decode()
    findings = found(bundle, context)
    fixed = [finding for finding in findings if finding.rule == rule and finding.fix]
    assert fixed
    for finding in fixed:
        after = apply(text, finding.fix.edits)
        left = said(found(Bundle({**bundle.files, MANIFEST: after.encode()}), context))
        assert left[finding.rule, finding.message] < said(findings)[finding.rule, finding.message]
        assert set(left) <= set(said(findings)) | set(said(found(leave_request, context)))
        assert after.count("#") >= text.count("#") - (rule == "connector-unused")


def test_a_misspelt_name_is_not_taken_for_an_unused_one(edited: Edited, context: GateContext) -> None:
    for name, wrong in (
        ("hr-db\n    queries", "hr-dbb\n    queries"),
        ("[my_leave_balance", "[my_leave_balanse"),
    ):
        unused = [f for f in found(edited(name, wrong), context) if f.rule == "connector-unused"]
        assert unused
        assert not any(finding.fix for finding in unused)


def test_a_name_like_no_other_or_already_there_has_no_fix(edited: Edited, context: GateContext) -> None:
    for old, new in (("hr-db", "zzz"), ("name: taken_days", "name: planned_dayz"), ("team_calendar]", "x9]")):
        findings = [f for f in found(edited(old, new), context) if f.rule.endswith("-unknown")]
        assert findings
        assert all(finding.fix is None for finding in findings)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_misspelling_with_a_fix_is_mended_by_it(
    leave_request: Bundle, context: GateContext, data: st.DataObject
) -> None:
    text = leave_request.files[MANIFEST].decode()
    names = ["my_leave_balance", "my_leave_requests", "team_calendar", "request_leave", "hr-db", "birth_date"]
    name = data.draw(st.sampled_from(names))
    place = data.draw(st.integers(0, len(name) - 1))
    wrong = name[:place] + data.draw(st.sampled_from(["", "x", name[place] * 2])) + name[place + 1 :]
    position = data.draw(st.integers(1, text.count(name)))
    broken = wrong.join([name.join(text.split(name)[:position]), name.join(text.split(name)[position:])])
    findings = found(Bundle({MANIFEST: broken.encode()}), context)
    for finding in findings:
        if finding.fix:
            after = apply(broken, finding.fix.edits)
            left = said(found(Bundle({MANIFEST: after.encode()}), context))
            assert left[finding.rule, finding.message] < said(findings)[finding.rule, finding.message]
