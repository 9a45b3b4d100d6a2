from datetime import timedelta

import pytest

from appguard.approvals.errors import (
    ExportUnknown,
    NoLeaveNeeded,
    NotAReviewer,
    NotSecurity,
    SeparationOfDuties,
)
from appguard.approvals.exceptions import covering as module
from appguard.approvals.exceptions.covering import covering
from appguard.approvals.exceptions.exporting import ExportExceptions
from appguard.connectors.registry import registry
from appguard.kernel.event import Result
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass
from appguard.reviews.steps import Judgement
from tests.support.world import ANA, LEAVE, MIA, RISKY, ROB, SAM

HR, CALENDAR = ConnectorName("hr-db"), "team_calendar"
WHY = "The works council wants the plan of the summer, once."


@pytest.fixture
def exporting(world):
    """Over the leave app, in use."""
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)
    world.steps.approve(step, Judgement(decided_by=ROB.id))
    world.steps.publish(step)
    return ExportExceptions(world.exceptions, registry())


@pytest.fixture
def covers(world, monkeypatch):
    """What the broker is told, by name of query."""
    monkeypatch.setattr(module, "_store", lambda: world.exceptions.store)
    monkeypatch.setattr(module, "utc_now", world.clock)

    def ask(query=CALENDAR, app=LEAVE, **changes):
        return covering(app, HR, query, registry()[HR].queries[query].model_copy(update=changes))

    return ask


def allowed(exporting, by=ROB):
    return exporting.allow(exporting.asked(LEAVE, HR, CALENDAR), by, WHY)


def test_who_decides_sees_every_column_that_would_leave_with_class_and_mask(exporting):
    columns = exporting.asked(LEAVE, HR, CALENDAR).about.columns
    assert "employee_name (personal)" in columns
    assert "birth_date (personal, masked: year)" in columns


def test_a_reviewers_word_lets_one_query_of_one_app_out_for_thirty_days(world, exporting, covers):
    assert covers() is None
    record = allowed(exporting)
    assert record.expires_at - record.granted_at == timedelta(days=30)
    assert covers() == module.Leave(record.exception_id, ROB.id)
    assert covers("my_leave_balance") is None
    assert covers(app="defects") is None
    world.clock.pass_(days=30)
    assert covers() is None


def test_it_is_on_record_with_what_it_lets_out_and_without_the_words_people_wrote(world, exporting):
    record = allowed(exporting)
    [event] = world.events("exception.granted")
    assert (event.resource.id, event.actor.id) == (record.exception_id, ROB.id)
    assert event.metadata["kind"] == "export"
    assert (event.metadata["connector"], event.metadata["query"]) == (HR, CALENDAR)
    assert WHY not in event.model_dump_json()


@pytest.mark.parametrize(("by", "problem"), [(ANA, SeparationOfDuties), (MIA, NotAReviewer)])
def test_neither_owner_nor_just_anybody_allows_an_export(world, exporting, covers, by, problem):
    with pytest.raises(problem):
        allowed(exporting, by)
    assert covers() is None
    assert world.events("exception.denied")[-1].result is Result.DENIED


def test_what_security_takes_back_lets_nothing_more_out_and_only_security_gives_it_again(
    world, exporting, covers
):
    record = allowed(exporting)
    world.exceptions.revoke(record.exception_id, SAM, "A file was found on a shared drive.")
    assert covers() is None
    with pytest.raises(NotSecurity):
        allowed(exporting)
    allowed(exporting, SAM)
    assert covers()


def test_a_query_that_returns_something_else_by_now_is_not_covered(exporting, covers):
    allowed(exporting)
    columns = registry()[HR].queries[CALENDAR].columns
    special = columns[0].model_copy(update={"class_": DataClass.SPECIAL})
    unmasked = columns[1].model_copy(update={"mask": None})
    assert covers(columns=(special, *columns[1:])) is None
    assert covers(columns=(columns[0], unmasked, *columns[2:])) is None
    assert covers(columns=(*columns, columns[0].model_copy(update={"name": "salary"}))) is None
    assert covers()


def test_renewing_holds_for_the_term_of_exports(world, exporting, covers):
    record = allowed(exporting)
    world.clock.pass_(days=40)
    renewed = world.exceptions.renew(record.exception_id, ROB, "Once more.")
    assert renewed.expires_at - world.clock() == timedelta(days=30)
    assert covers()


def test_an_export_nobody_allows_any_more_does_not_keep_an_app_from_being_renewed(world, exporting):
    allowed(exporting)
    world.clock.pass_(days=31)
    assert world.exceptions.lapsed(LEAVE) == []


def test_it_is_closed_when_the_app_needs_it_no_more(world, exporting, covers):
    allowed(exporting)
    world.exceptions.settle(LEAVE, ())
    assert covers() is None
    assert world.exceptions.of_app(LEAVE)[0].state == "closed"


def test_there_is_nothing_to_allow_where_the_app_may_not_ask_or_nothing_is_needed(exporting):
    for connector, query in (("payroll-db", "x"), (HR, "my_health_notes"), (HR, "none"), ("", "")):
        with pytest.raises(ExportUnknown):
            exporting.asked(LEAVE, connector, query)


def test_a_query_that_may_leave_anyway_needs_no_exception(world, exporting):
    harmless = registry()[HR].queries[CALENDAR]
    columns = tuple(column.model_copy(update={"class_": DataClass.INTERNAL}) for column in harmless.columns)
    hr = registry()[HR].model_copy(
        update={"queries": {CALENDAR: harmless.model_copy(update={"columns": columns})}}
    )
    with pytest.raises(NoLeaveNeeded):
        ExportExceptions(world.exceptions, {HR: hr}).asked(LEAVE, HR, CALENDAR)
