"""What a change of the policies does, app by app."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appguard.policy.files import load
from appguard.policy.impact import Comparison, Impact, Kind, Subject, compare

LATE = "rego/lifecycle/retirement-late/rule.rego"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(policies: Path) -> Edit:
    def replace(path: str, old: str, new: str) -> None:
        text = (policies / path).read_text()
        assert old in text
        (policies / path).write_text(text.replace(old, new))

    return replace


def apps(quiet: dict[str, Any]) -> list[Subject]:
    """One clear app, one that lives long, one that is refused."""
    lifecycle = {**quiet["manifest"]["lifecycle"], "retire_after_months": 10}
    documents = {
        "quiet": quiet,
        "long": {**quiet, "manifest": {**quiet["manifest"], "lifecycle": lifecycle}},
        "refused": {**quiet, "egress": [{"host": "10.0.0.1", "kind": "address"}]},
    }
    return [Subject(app_id=name, document=document) for name, document in documents.items()]


def told(found: Impact) -> list[tuple[str, Kind, tuple[str, ...], tuple[str, ...]]]:
    return [(c.app_id, c.kind, c.appeared, c.disappeared) for c in found.changes]


def test_the_same_policies_change_nothing(policies: Path, quiet: dict[str, Any]) -> None:
    found = compare(load(policies), load(policies), apps(quiet))
    assert (found.examined, found.unchanged, found.changes) == (3, 3, ())


def test_a_stricter_rule_names_exactly_the_apps_it_changes(
    policies: Path, edit: Edit, quiet: dict[str, Any]
) -> None:
    before = load(policies)
    edit(LATE, "months > 12", "months > 9")
    found = compare(before, load(policies), apps(quiet))
    assert told(found) == [("long", Kind.NEEDS_APPROVAL, ("retirement-late",), ())]
    assert found.before != found.after


def test_a_rule_made_a_block_refuses_newly(policies: Path, edit: Edit, quiet: dict[str, Any]) -> None:
    edit(LATE, "months > 12", "months > 9")
    before = load(policies)
    edit(LATE, "severity: approve", "severity: block")
    found = compare(before, load(policies), apps(quiet))
    assert told(found) == [("long", Kind.REFUSED, ("retirement-late",), ())]


def test_a_rule_taken_back_allows_newly(policies: Path, edit: Edit, quiet: dict[str, Any]) -> None:
    before = load(policies)
    edit("rego/network/egress-forbidden/rule.rego", 'egress.kind in {"address", "internal"}', "1 == 2")
    found = compare(before, load(policies), apps(quiet))
    assert told(found) == [("refused", Kind.ALLOWED, (), ("egress-forbidden",))]


def test_a_rule_that_is_added_is_asked(
    policies: Path, add_rule: Callable[[str], Path], quiet: dict[str, Any]
) -> None:
    before = load(policies)
    add_rule('finding := {"rule": "noisy", "msg": "m", "path": ""}')
    found = compare(before, load(policies), apps(quiet))
    assert [change.kind for change in found.changes] == [Kind.REFUSED, Kind.REFUSED, Kind.OTHER]


def test_what_the_new_version_cannot_judge_is_newly_refused(
    policies: Path, add_rule: Callable[[str], Path], quiet: dict[str, Any]
) -> None:
    before = load(policies)
    add_rule('finding := {"rule": "noisy", "msg": 3, "path": ""}')
    found = compare(before, load(policies), apps(quiet)[:1])
    assert told(found) == [("quiet", Kind.REFUSED, ("gate-failed",), ())]


def test_a_changed_helper_is_asked_of_every_rule(policies: Path, edit: Edit, quiet: dict[str, Any]) -> None:
    before = load(policies)
    edit("rego/shared/classes.rego", "rank(class) >= rank(floor)", "rank(class) >= 0")
    edit("rego/lifecycle/retention-short/rule.rego", '== "1y"', '== "3y"')
    found = compare(before, load(policies), apps(quiet))
    assert {change.app_id for change in found.changes} == {"quiet", "long", "refused"}


def test_a_rule_that_reads_another_rule_is_never_taken_for_unchanged(
    policies: Path, add_rule: Callable[[str], Path], edit: Edit, quiet: dict[str, Any]
) -> None:
    finding = 'finding := {"rule": "noisy", "msg": "m", "path": ""}'
    body = f"count(data.appguard.rules.retirement_late.deny) > 0\n\t{finding}"
    before = load(add_rule(body))
    edit(LATE, "months > 12", "months > 9")
    found = compare(before, load(policies), apps(quiet))
    assert told(found) == [("long", Kind.REFUSED, ("noisy", "retirement-late"), ())]


def test_asking_rules_apart_is_asking_them_together(
    policies: Path, edit: Edit, quiet: dict[str, Any]
) -> None:
    before = load(policies)
    edit(LATE, "months > 12", "months > 9")
    quick = Comparison(before, load(policies))
    edit("rego/index.rego", "import data.appguard.rules\n", "import data.appguard.rules\n\nspare := 1\n")
    slow = Comparison(before, load(policies))
    assert [quick.change(app) for app in apps(quiet)] == [slow.change(app) for app in apps(quiet)]


def test_an_input_neither_version_can_judge_is_no_change(policies: Path) -> None:
    found = compare(load(policies), load(policies), [Subject(app_id="odd", document={"risk": 1})])
    assert (found.examined, found.changes) == (1, ())
