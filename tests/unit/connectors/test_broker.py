import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appguard.apps.model import ConnectorGrant, Grants
from appguard.connectors.errors import (
    BudgetExceeded,
    ExportBlocked,
    NothingChanged,
    RefusedBySource,
    ResultTooLarge,
    SourceFailed,
    TooManyCalls,
)
from appguard.connectors.exports.allowed import Leave
from appguard.connectors.kinds.postgresql import PostgresCommand
from appguard.connectors.registry import ConnectorRegistry, registry
from appguard.connectors.rules import Exports, MinGroup, RowsADay
from appguard.kernel.errors import Unavailable
from appguard.kernel.event import Result
from appguard.kernel.ids import ConnectorName

TODAY = datetime.now(UTC).date()
NEXT_MONDAY = TODAY + timedelta(days=42 - TODAY.weekday())


def rows(table):
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def test_employees_see_their_own_profile_masked(broker, ask):
    (profile,) = rows(broker.query(ask("hr-db", "my_profile")))
    assert profile["full_name"] == "Ana Alvarez"
    assert profile["manager_name"] == "Mia Moser"
    assert profile["birth_date"] == 1965
    assert profile["bank_account"].startswith("••••")
    assert len(profile["bank_account"]) == 8


def test_the_column_that_ties_rows_to_the_user_does_not_leave_the_broker(broker, ask):
    table = broker.query(ask("hr-db", "my_profile"))
    assert "checked_email" not in [column.name for column in table.columns]
    assert "checked_email" not in table.json


def test_an_employee_sees_nobody_elses_leave_in_the_calendar(broker, ask):
    period = {"from": "2000-01-01", "to": "2100-01-01"}
    ana = rows(broker.query(ask("hr-db", "team_calendar", body={"parameters": period})))
    mia = rows(
        broker.query(ask("hr-db", "team_calendar", email="mia@example.com", body={"parameters": period}))
    )
    assert {row["employee_name"] for row in ana} == {"Ana Alvarez"}
    assert {row["employee_name"] for row in mia} > {"Ana Alvarez", "Mia Moser"}


def test_somebody_unknown_to_the_source_sees_no_rows(broker, ask, witness):
    table = broker.query(ask("hr-db", "my_profile", email="stranger@example.com"))
    assert table.rows == []
    assert witness.last.metadata["rows"] == 0


def test_an_optional_parameter_may_be_left_out_or_null(broker, ask):
    left_out = broker.query(ask("hr-db", "my_leave_requests", email="mia@example.com"))
    null = broker.query(ask("hr-db", "my_leave_requests", email="mia@example.com", status=None))
    assert left_out.rows == null.rows
    assert left_out.rows


def test_the_answer_names_label_class_and_mask_of_each_column(broker, ask):
    answer = json.loads(broker.query(ask("hr-db", "my_profile")).json)
    account = next(column for column in answer["columns"] if column["name"] == "bank_account")
    assert account == {
        "name": "bank_account",
        "label": "Bank account",
        "class": "personal",
        "type": "text",
        "masked": True,
    }
    assert answer["row_count"] == 1
    assert answer["truncated"] is False


def test_a_read_is_recorded_with_who_what_classes_and_rows(broker, ask, witness):
    broker.query(ask("hr-db", "my_leave_balance", year=2026))
    event = witness.last
    assert (event.action, event.result) == ("data.read", Result.SUCCESS)
    assert (event.actor.id, event.app_id) == ("ana@example.com", "leave")
    assert event.resource.id == "hr-db/my_leave_balance"
    assert event.metadata["classes"] == ["internal", "personal"]
    assert event.metadata["rows"] == 2
    assert list(event.metadata["parameters"]) == ["year"]


def test_the_record_holds_digests_of_parameters_and_no_value(broker, ask, witness):
    broker.query(ask("hr-db", "my_leave_balance", year=2026))
    broker.query(ask("hr-db", "my_leave_balance", year=2026))
    broker.query(ask("hr-db", "my_leave_balance", year=2027))
    first, same, other = (event.metadata["parameters"]["year"] for event in witness.events)
    assert first == same != other
    assert len(first) == 32
    assert all("2026" not in json.dumps(event.metadata) for event in witness.events)


def test_nothing_is_returned_when_the_read_cannot_be_recorded(broker, ask, witness):
    witness.broken = True
    with pytest.raises(ConnectionError):
        broker.query(ask("hr-db", "my_profile"))


def test_leave_is_asked_for_decided_by_the_manager_and_seen_by_the_employee(broker, ask, witness):
    asked = {
        "leave_type": "annual",
        "starts_on": str(NEXT_MONDAY),
        "ends_on": str(NEXT_MONDAY),
        "reason": "Skiing",
    }
    assert broker.command(ask("hr-db", "request_leave", **asked)) == 1
    (mine,) = rows(broker.query(ask("hr-db", "my_leave_requests", status="requested")))
    assert (mine["days"], mine["reason"]) == (1, "Skiing")

    waiting = rows(broker.query(ask("hr-db", "team_open_requests", email="mia@example.com")))
    assert mine["request_id"] in [row["request_id"] for row in waiting]
    decided = {"request_id": mine["request_id"], "decision": "approved"}
    assert broker.command(ask("hr-db", "decide_leave", email="mia@example.com", **decided)) == 1

    seen = rows(broker.query(ask("hr-db", "my_leave_requests", status="approved")))
    assert next(row for row in seen if row["request_id"] == mine["request_id"])["decided_by"] == "Mia Moser"
    assert "Skiing" not in witness.everything()


def test_the_source_knows_through_which_app_a_row_came(broker, ask, database):
    day = NEXT_MONDAY + timedelta(days=7)
    broker.command(ask("hr-db", "request_leave", leave_type="unpaid", starts_on=str(day), ends_on=str(day)))
    with database.admin() as admin:
        found = admin.execute("SELECT requested_via FROM hr.leave_request WHERE starts_on = %s", [day])
        assert ("leave",) in found.fetchall()


def test_a_refusal_of_the_source_is_told_in_the_connectors_words(broker, ask, witness):
    with pytest.raises(RefusedBySource, match="before the first day"):
        broker.command(
            ask("hr-db", "request_leave", leave_type="annual", starts_on="2027-02-02", ends_on="2027-02-01")
        )
    assert witness.last.result is Result.DENIED
    assert witness.last.metadata["code"] == "refused_by_source"


def test_a_command_that_changes_nothing_says_so(broker, ask):
    nobodys = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(NothingChanged):
        broker.command(ask("hr-db", "cancel_leave", request_id=nobodys))


def test_a_change_that_cannot_be_recorded_is_rolled_back(broker, ask, witness, database):
    def defects():
        with database.admin() as admin:
            return admin.execute("SELECT count(*) FROM office.defect").fetchone()

    before = defects()
    witness.broken = True
    with pytest.raises(ConnectionError):
        broker.command(
            ask("office-directory", "report_defect", office="Berlin", place="Lift", description="Stuck")
        )
    assert defects() == before


@pytest.fixture
def late(broker, database, grants):
    """A broker with a command whose commit fails: the constraint is checked only then."""
    with database.admin() as admin:
        admin.execute(
            """DROP SCHEMA IF EXISTS late CASCADE; CREATE SCHEMA late;
               CREATE TABLE late.thing (id int PRIMARY KEY,
                                        other int REFERENCES late.thing INITIALLY DEFERRED);
               CREATE FUNCTION late.add() RETURNS int LANGUAGE sql SECURITY DEFINER
                   AS 'INSERT INTO late.thing VALUES (1, 2); SELECT 1';
               GRANT USAGE ON SCHEMA late TO office_broker"""
        )
    name = ConnectorName("office-directory")
    command = PostgresCommand.model_validate(
        {"title": "Add", "sql": "SELECT late.add()", "class": "internal"}
    )
    connector = registry()[name].model_copy(update={"commands": {"add": command}})
    grants["leave"] = Grants(connectors={name: ConnectorGrant(commands=frozenset({"add"}))})
    return replace(broker, admission=replace(broker.admission, registry=ConnectorRegistry([connector])))


def test_a_commit_that_fails_retracts_the_success_already_recorded(late, ask, witness):
    with pytest.raises(SourceFailed):
        late.command(ask("office-directory", "add"))
    success, failure = witness.events
    assert (success.result, failure.result) == (Result.SUCCESS, Result.FAILURE)
    assert failure.metadata["retracts"] == success.event_id


def test_an_export_of_personal_data_is_blocked_naming_columns_and_a_way_out(broker, ask, witness):
    with pytest.raises(ExportBlocked) as blocked:
        broker.export(ask("hr-db", "team_calendar", body={"format": "csv", "purpose": "Planning the summer"}))
    assert "employee_name, birth_date" in blocked.value.message
    assert "exports of personal data are blocked" in blocked.value.message
    assert "without employee_name, birth_date" in blocked.value.advice
    assert "hr-data@example.com" in blocked.value.advice
    assert (witness.last.action, witness.last.result) == ("data.exported", Result.DENIED)
    assert witness.last.metadata["code"] == "export_blocked"


def test_the_refusal_says_where_to_ask_for_an_exception_and_names_app_connector_and_query(broker, ask):
    with pytest.raises(ExportBlocked) as blocked:
        broker.export(ask("hr-db", "team_calendar", body={"format": "csv", "purpose": "Planning the summer"}))
    asking = "app=leave&connector=hr-db&query=team_calendar"
    assert f"https://portal.example.com/exports/allow?{asking}" in blocked.value.advice


def test_with_an_exception_personal_data_leaves_and_the_ledger_names_it(broker, ask, leaves, witness):
    leaves["leave", "hr-db", "my_profile"] = Leave("exc-1", "rob@example.com")
    call = ask("hr-db", "my_profile", body={"format": "csv", "purpose": "Moving to another payroll"})
    assert "Ana Alvarez" in broker.export(call).content.decode()
    assert witness.last.metadata["exception"] == "exc-1"
    assert witness.last.metadata["approved_by"] == "rob@example.com"


@pytest.mark.parametrize(
    "about",
    [
        ("other", "hr-db", "my_profile"),
        ("leave", "payroll-db", "my_profile"),
        ("leave", "hr-db", "team_calendar"),
    ],
)
def test_an_exception_lets_nothing_out_but_what_it_names(broker, ask, leaves, about):
    leaves[about] = Leave("exc-1", "rob@example.com")
    call = ask("hr-db", "my_profile", body={"format": "csv", "purpose": "Moving to another payroll"})
    with pytest.raises(ExportBlocked):
        broker.export(call)


def test_an_export_of_internal_data_is_a_file_with_its_digest_on_record(broker, ask, witness):
    export = broker.export(
        ask("hr-db", "headcount_by_department", body={"format": "csv", "purpose": "Yearly report"})
    )
    assert export.content.decode("utf-8-sig").splitlines()[0] == '"Department","Headcount"'
    assert witness.last.result is Result.SUCCESS
    assert witness.last.event_id == export.mark.entry
    assert export.name == f"headcount_by_department-{export.mark.entry}.csv"
    assert witness.last.metadata["file"] == export.digest
    assert witness.last.metadata["rows"] == export.rows == 5


def ruled(broker, **rules):
    """The broker over a headcount whose query or limits say something else."""
    name = ConnectorName("hr-db")
    hr = registry()[name]
    query = hr.queries["headcount_by_department"].model_copy(update=rules)
    limits = hr.limits.model_copy(update={"calls_per_minute": 1})
    changed = hr.model_copy(update={"queries": {"headcount_by_department": query}, "limits": limits})
    return replace(broker, admission=replace(broker.admission, registry=ConnectorRegistry([changed])))


@pytest.mark.parametrize(
    ("exports", "said"),
    [
        (Exports(formats=()), "does not leave as a file"),
        (Exports(formats=("xlsx",)), "does not leave as csv"),
        (Exports(needs="approver"), "only with somebody's word"),
    ],
)
def test_the_querys_own_rules_decide_what_leaves_as_a_file(broker, ask, exports, said):
    call = ask("hr-db", "headcount_by_department", body={"format": "csv", "purpose": "Yearly report"})
    with pytest.raises(ExportBlocked, match=said):
        ruled(broker, exports=exports).export(call)


def test_an_export_of_more_rows_than_its_rule_allows_is_refused_whole(broker, ask):
    call = ask("hr-db", "headcount_by_department", body={"format": "csv", "purpose": "Yearly report"})
    with pytest.raises(ResultTooLarge):
        ruled(broker, exports=Exports(rows=2)).export(call)


def test_departments_of_too_few_people_stay_unseen_whatever_the_view_returns(broker, ask):
    every = broker.query(ask("hr-db", "headcount_by_department"))
    sizes = sorted(size for _, size in every.rows)
    seen = ruled(broker, min_group=MinGroup(count="headcount", size=sizes[1])).query(
        ask("hr-db", "headcount_by_department")
    )
    assert sorted(size for _, size in seen.rows) == [size for size in sizes if size >= sizes[1]]


def test_asking_too_often_is_refused_and_on_record(broker, ask, witness):
    slow = replace(ruled(broker), clock=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
    slow.query(ask("hr-db", "headcount_by_department"))
    with pytest.raises(TooManyCalls):
        slow.query(ask("hr-db", "headcount_by_department"))
    assert witness.last.metadata["code"] == "too_many_calls"


def paced(broker, name):
    """The broker over one connector that allows a hundred calls a minute, and the sources it asks."""
    connector = registry()[ConnectorName(name)]
    limits = connector.limits.model_copy(update={"calls_per_minute": 100})
    changed = ConnectorRegistry([connector.model_copy(update={"limits": limits})])
    asked = []
    return (
        replace(
            broker,
            admission=replace(broker.admission, registry=changed),
            sources=lambda of: asked.append(of.name) or broker.sources(of),
        ),
        asked,
    )


def test_when_calls_cannot_be_counted_nobody_asks_for_personal_data_or_changes_any(
    broker, ask, counters, witness
):
    counters.broken = True
    closed, asked = paced(broker, "hr-db")
    leave = {"leave_type": "unpaid", "starts_on": str(NEXT_MONDAY), "ends_on": str(NEXT_MONDAY)}
    for attempt in (
        lambda: closed.query(ask("hr-db", "my_profile")),
        lambda: closed.command(ask("hr-db", "request_leave", **leave)),
    ):
        with pytest.raises(Unavailable, match="cannot be counted"):
            attempt()
        assert witness.last.metadata["code"] == "unavailable"
    assert asked == []


def test_what_is_not_personal_goes_on_uncounted_and_says_so(broker, ask, counters, witness):
    counters.broken = True
    going_on, _ = paced(broker, "office-directory")
    going_on.command(
        ask("office-directory", "report_defect", office="Berlin", place="Lift", description="Slow")
    )
    assert witness.last.metadata["uncounted"] is True


def budgeted(broker, **rows_a_day):
    """The broker over an HR database that gives so many rows a day."""
    hr = registry()[ConnectorName("hr-db")]
    limits = hr.limits.model_copy(update={"rows_a_day": RowsADay(**rows_a_day)})
    changed = ConnectorRegistry([hr.model_copy(update={"limits": limits})])
    return replace(broker, admission=replace(broker.admission, registry=changed))


def test_when_the_days_rows_are_used_up_the_answer_is_refused_and_one_alert_recorded(broker, ask, witness):
    tight = budgeted(broker, personal=1)
    tight.query(ask("hr-db", "my_profile"))
    for _ in range(2):
        with pytest.raises(BudgetExceeded, match="more than 1 rows of personal data in a day"):
            tight.query(ask("hr-db", "my_profile"))
    alerts = [event for event in witness.events if event.action == "data.budget_exceeded"]
    assert len({event.event_id for event in alerts}) == 1
    assert alerts[0].metadata == {"connector": "hr-db", "data_class": "personal", "rows_a_day": 1}
    assert (witness.last.action, witness.last.metadata["code"]) == ("data.read", "budget_exceeded")
    assert "rows" not in witness.last.metadata


def test_many_small_queries_and_files_draw_on_the_same_budget(broker, ask):
    tight = budgeted(broker, internal=12)
    file = {"format": "json", "purpose": "Yearly report"}
    tight.query(ask("hr-db", "headcount_by_department"))
    tight.export(ask("hr-db", "headcount_by_department", body=file))
    with pytest.raises(BudgetExceeded):
        tight.export(ask("hr-db", "headcount_by_department", body=file))


def test_nothing_personal_leaves_uncounted_and_what_else_does_is_marked(broker, ask, counters, witness):
    counters.broken = True
    with pytest.raises(Unavailable):
        broker.query(ask("hr-db", "my_profile"))
    assert witness.last.metadata["code"] == "unavailable"
    broker.query(ask("hr-db", "headcount_by_department"))
    assert witness.last.metadata["uncounted"] is True


def test_a_persons_number_in_a_text_declared_internal_is_hidden_and_the_finding_recorded(
    broker, ask, witness
):
    told = {"office": "Lisbon", "place": "Till", "description": "Card 4539 1488 0343 6467 got stuck"}
    broker.command(ask("office-directory", "report_defect", **told))
    for _ in range(2):
        seen = rows(broker.query(ask("office-directory", "open_defects")))
    assert "Card •••• got stuck" in [row["description"] for row in seen]
    findings = [event for event in witness.events if event.action == "data.person_found"]
    assert len({event.event_id for event in findings}) == 1
    assert findings[0].resource.id == "office-directory/open_defects"
    assert findings[0].metadata == {
        "column": "description",
        "declared": "internal",
        "kinds": ["payment card"],
    }
    assert witness.last.metadata["hidden"] == {"description": ["payment card"]}
    assert "4539 1488" not in witness.everything()


def test_a_read_records_the_tags_of_the_people_its_rows_are_about(broker, ask, witness, subject_keys):
    period = {"from": "2000-01-01", "to": "2100-01-01"}
    table = broker.query(ask("hr-db", "team_calendar", email="mia@example.com", body={"parameters": period}))
    assert {"ana@example.com", "mia@example.com"} < set(table.subjects)
    tags = {key.tag(witness.last.timestamp) for key in subject_keys.of(table.subjects)}
    assert set(witness.last.metadata["subjects"]) == tags
    assert witness.last.bundle_digest == "sha256:" + "1" * 64
    assert "ana@example.com" not in witness.everything()


def test_a_question_about_nobody_in_particular_has_no_subjects(broker, ask, witness):
    broker.query(ask("hr-db", "headcount_by_department"))
    broker.query(ask("office-directory", "company_holidays", year=2026))
    assert all("subjects" not in event.metadata for event in witness.events)


def test_a_personal_change_is_about_its_user_unless_parameters_name_somebody(
    broker, ask, witness, subject_keys
):
    with pytest.raises(RefusedBySource):
        broker.command(
            ask("hr-db", "request_leave", leave_type="annual", starts_on="2026-12-24", ends_on="2026-12-23")
        )
    (key,) = subject_keys.of(["ana@example.com"])
    assert witness.last.metadata["subjects"] == [key.tag(witness.last.timestamp)]
