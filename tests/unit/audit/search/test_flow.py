import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appguard.audit.search.fact import Fact, microseconds
from appguard.audit.search.flow import Funnel, RuleCount, Stage, flow

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=30)


def fact(minutes, action, app="leave", review="rev-1", **said):
    kind, resource = ("review", review) if action.startswith("review.") else ("app", app)
    at = microseconds(SINCE + timedelta(minutes=minutes))
    return Fact(
        at, "3y", minutes, "ana", action, kind, resource, "success", app, "", 0, f"x\n{json.dumps(said)}"
    )


WAY = [
    fact(-60, "app.created"),
    fact(0, "app.submitted"),
    fact(1, "review.submitted"),
    fact(3, "review.checked", decision="needs_approval", rules={"iam-wildcard": 2, "no-tests": 1}),
    fact(4, "review.waiting"),
    fact(64, "review.approved"),
    fact(66, "review.published"),
    fact(67, "app.published", tier="medium"),
]


def paces(facts):
    return {pace.stage: pace for pace in flow(facts, SINCE, UNTIL).paces}


@given(st.permutations(WAY))
def test_each_stretch_of_the_way_is_measured_in_whatever_order_entries_come(facts):
    minutes = {stage: pace.median / 60 for stage, pace in paces(facts).items()}
    assert minutes == {
        Stage.MAKING: 60,
        Stage.CHECKS: 2,
        Stage.WAITING: 60,
        Stage.SET_UP: 2,
        Stage.VERSION: 65,
        Stage.WHOLE: 127,
    }


def test_a_version_submitted_again_is_measured_from_its_latest_submission():
    again = [
        fact(n, a) for n, a in ((1, "review.submitted"), (50, "review.submitted"), (51, "review.checked"))
    ]
    assert paces(again)[Stage.CHECKS].median == 60


def test_what_ended_before_the_period_is_not_of_it():
    assert not paces([fact(-20, "review.submitted"), fact(-10, "review.checked")])


def test_half_and_nine_of_ten_are_of_all_that_ended():
    facts = []
    for n in range(1, 12):
        facts += [fact(n, "review.submitted", review=f"r{n}"), fact(2 * n, "review.checked", review=f"r{n}")]
    found = paces(facts)[Stage.CHECKS]
    assert (found.count, found.median, found.p90) == (11, 6 * 60, 10 * 60)


def test_the_funnel_is_of_apps_begun_within_the_period():
    facts = [fact(n, "app.created", app=f"a{n}") for n in range(4)]
    facts += [fact(n + 10, "app.submitted", app=f"a{n}") for n in range(3)]
    facts += [fact(20, "review.refused", app="a1"), fact(21, "review.approved", app="a0")]
    facts += [
        fact(22, "app.published", app="a0"),
        fact(23, "app.published", app="old"),
        fact(-9, "app.created", app="old"),
    ]
    assert flow(facts, SINCE, UNTIL).funnel == Funnel(
        created=4, submitted=3, decided=2, published=1, refused=1
    )


def test_an_app_refused_first_and_in_use_later_is_not_counted_as_refused():
    facts = [
        fact(1, "app.created"),
        fact(2, "review.refused"),
        fact(3, "review.approved"),
        fact(4, "app.published"),
    ]
    assert flow(facts, SINCE, UNTIL).funnel.refused == 0


def test_rules_decisions_and_risks_are_counted_from_what_entries_say():
    found = flow(
        [*WAY, fact(99, "review.checked", review="rev-2", decision="clear", rules={"no-tests": 4})],
        SINCE,
        UNTIL,
    )
    assert found.rules == (
        RuleCount(rule="no-tests", findings=5, versions=2),
        RuleCount(rule="iam-wildcard", findings=2, versions=1),
    )
    assert found.decisions == {"clear": 1, "needs_approval": 1}
    assert found.tiers == {"medium": 1}


def test_an_entry_that_says_nothing_readable_counts_for_nothing():
    strange = [
        fact(5, "review.checked", rules=["x"], decision=7)._replace(text=text)
        for text in ("", "x\n{", "x\n[1]")
    ]
    found = flow([*strange, fact(6, "review.checked", rules={"a": "many"})], SINCE, UNTIL)
    assert (found.rules, found.decisions) == ((), {})


def test_gates_are_measured_the_slowest_first():
    took = [{"code": 900, "manifest": 4}, {"code": 1100, "manifest": "?"}]
    found = flow(
        [fact(n, "review.checked", review=f"r{n}", took_ms=each) for n, each in enumerate(took)], SINCE, UNTIL
    )
    assert [(one.gate, one.count, one.median) for one in found.gates] == [
        ("code", 2, 1000),
        ("manifest", 1, 4),
    ]


def test_nothing_gives_nothing():
    assert flow([], SINCE, UNTIL).paces == ()
