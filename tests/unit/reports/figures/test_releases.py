from datetime import timedelta

import pytest

from appguard.kernel.event import Resource
from appguard.kernel.ids import BundleDigest
from appguard.reports.checks import State, outcomes
from tests.support.reported import END

OTHER = BundleDigest("sha256:" + "b" * 64)
ALONE, UNAPPROVED = "separation-of-duties", "releases-approved"


def failed(figures) -> list[str]:
    return [name for name, outcome in outcomes(figures).items() if outcome.state is State.FAILED]


def test_a_release_another_person_approved_is_in_order(figured, release):
    made = figured(*release())
    assert failed(made) == []
    assert made.releases[0].approvers == ("rob",)
    assert made.releases[0].checked
    assert made.releases[0].attested


def test_all_who_had_to_approve_are_named_and_a_yes_that_decided_nothing_covers_nothing(
    figured, release, fact
):
    approval = Resource(type="approval", id="apr-1")
    endorsed = fact("approval.endorsed", "dora", 4, about=approval, verdict="approve")
    events = [
        one.model_copy(update={"resource": approval}) if one.action == "approval.decided" else one
        for one in release()
    ]
    made = figured(endorsed, *events)
    assert made.releases[0].approvers == ("dora", "rob")
    assert [(line.approver, line.verdict) for line in made.decisions] == [
        ("dora", "endorse"),
        ("rob", "approve"),
    ]

    undecided = [one for one in events if one.action != "approval.decided"]
    assert failed(figured(endorsed, *undecided)) == [UNAPPROVED]


def test_endorsing_ones_own_app_breaks_the_separation(figured, release, fact):
    assert ALONE in failed(figured(*release(), fact("approval.endorsed", "ana", 2, verdict="approve")))


def test_approving_ones_own_app_fails_two_checks(figured, release):
    assert failed(figured(*release(approver="ana"))) == [ALONE, UNAPPROVED]


def test_whose_push_sent_an_earlier_version_may_approve_the_next_and_not_their_own(figured, release, fact):
    earlier = fact("app.drafted", "rob", 4, digest="sha256:" + "9" * 64)
    assert failed(figured(earlier, *release("rob"))) == []
    assert failed(figured(fact("submission.received", "rob", 4), *release("rob")))


def test_an_approval_of_another_bundle_covers_nothing(figured, release):
    assert failed(figured(*release(digest=OTHER))) == [UNAPPROVED]


def test_a_refusal_covers_nothing(figured, release):
    events = [
        one.model_copy(update={"metadata": {"verdict": "refuse"}})
        if one.action == "approval.decided"
        else one
        for one in release()
    ]
    assert failed(figured(*events)) == [UNAPPROVED]


def test_an_approval_before_the_period_still_covers_a_release_within(figured, release):
    events = [
        one.model_copy(update={"timestamp": END - timedelta(days=60)})
        if one.action != "app.published"
        else one
        for one in release()
    ]
    made = figured(*events)
    assert made.releases[0].approved
    assert made.decisions == ()


@pytest.mark.parametrize(("precedent", "holds"), [("apr-1", True), ("apr-2", False)])
def test_a_release_may_rest_on_an_approval_the_ledger_knows(figured, fact, precedent, holds):
    approval = Resource(type="approval", id="apr-1")
    made = figured(
        fact("app.created", days_ago=9),
        fact("approval.decided", "rob", 8, about=approval, digest=OTHER, verdict="approve"),
        fact("review.checked", "reviews", 7, decision="clear", rests_on={"approval_id": precedent}),
        fact("app.published", "reviews", 6, tier="medium"),
    )
    assert made.releases[0].approved is holds


def test_a_release_no_gate_judged_and_nobody_attested_is_named(figured, fact):
    made = figured(fact("app.created", days_ago=3), fact("app.published", tier="low"))
    assert {"releases-gated", "releases-attested"} <= set(failed(made))


def test_what_rules_found_is_counted_by_version(figured, release):
    made = figured(*release())
    assert made.judged == {"needs_approval": 1}
    assert made.rules == {"pii-out": 2}


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_entries_does_not_matter(figured, release, order):
    life = release()
    assert figured(*life[::order]) == figured(*life)
