from appguard.kernel.event import Result
from appguard.reports.checks import State, outcomes


def test_access_is_summed_by_class(figured, fact):
    made = figured(
        fact("data.read", "mia", classes=["internal", "personal"], rows=3),
        fact("data.read", "bob", classes=["internal", "personal"], rows=4),
        fact("data.read", "bob", days_ago=40, classes=["internal"], rows=4),
    )
    assert [(a.data_class, a.accesses, a.people, a.rows) for a in made.access] == [
        ("internal", 2, 2, 7),
        ("personal", 2, 2, 7),
    ]
    assert made.access_totals.accesses == 2


def test_a_retracted_access_never_took_place(figured, fact):
    read = fact("data.read", "mia", classes=["internal"], rows=3)
    gone = fact("data.read", "mia", result=Result.FAILURE, retracts=read.event_id)
    assert figured(read, gone).access == ()
    assert figured(gone, read).access == ()


def test_denied_exports_are_listed_with_their_reason(figured, fact):
    [line] = figured(fact("data.exported", "mia", result=Result.DENIED, code="export_blocked")).refusals
    assert (line.actor, line.code, line.resource) == ("mia", "export_blocked", "query hr-db/team_calendar")


def test_a_file_of_personal_data_without_an_exception_is_named(figured, fact):
    bare = fact("data.exported", "mia", classes=["personal"], rows=1)
    covered = fact("data.exported", "mia", classes=["special"], rows=1, exception="exc-1")
    harmless = fact("data.exported", "mia", classes=["internal"], rows=1)
    outcome = outcomes(figured(bare, covered, harmless))["exports-accepted"]
    assert (outcome.state, outcome.looked_at, outcome.offenders) == (State.FAILED, 2, (bare.event_id,))


def test_an_access_without_a_verified_person_is_named(figured, fact):
    nobody = fact("data.read", "leave-request")
    app = nobody.actor.model_copy(update={"role": "app"})
    outcome = outcomes(figured(nobody.model_copy(update={"actor": app}), fact("data.read")))[
        "access-attributed"
    ]
    assert outcome.offenders == (nobody.event_id,)
