"""Values that try to become SQL, another type, or somebody else's rows."""

import json

import pytest

from infra.local.story.cast import ANA
from tests.e2e.caller import TOKEN

pytestmark = pytest.mark.e2e

INJECTIONS = {
    "tautology": "' OR '1'='1",
    "stacked": "'; DROP TABLE hr.employee; --",
    "union": "x' UNION SELECT bank_account FROM hr.employee --",
    "comment": "x'/**/OR/**/1=1#",
    "sleep": "\\'; SELECT pg_sleep(5); --",
    "widening": "%' OR full_name LIKE '%",
    "subselect": "'||(SELECT email FROM hr.employee LIMIT 1)||'",
    "dollar quotes": "$$; DROP TABLE hr.employee; $$",
    "letter apostrophe": "\u02bc OR 1=1 --",
    "full-width apostrophe": "\uff07 OR 1=1 --",
    "overlong in spirit": "\u0027\u200b OR 1=1 --",
    "role": "1; SET ROLE hr_owner",
    "placeholder": "%(appguard_limit)s",
    "format": "{0.__class__}",
}
REFUSING = {
    "choice": ("hr-db/queries/my_leave_requests", "status", {}),
    "integer": ("hr-db/queries/my_leave_balance", "year", {}),
    "date": ("hr-db/queries/team_calendar", "from", {"to": "2026-12-31"}),
    "uuid": ("hr-db/commands/decide_leave", "request_id", {"decision": "approved"}),
    "number": ("equipment-desk/commands/borrow", "deposit", {"item": "Camera", "due_on": "2026-12-24"}),
}


def people(ground):
    return ground.rows("SELECT count(*) FROM hr.employee")


@pytest.mark.parametrize("attack", ["tautology", "stacked", "union", "full-width apostrophe", "placeholder"])
@pytest.mark.parametrize("kind", REFUSING)
def test_a_value_that_is_sql_is_no_choice_number_date_or_id(leave, witness, kind, attack):
    path, parameter, others = REFUSING[kind]
    text = INJECTIONS[attack]

    entry = witness.refusal(leave.ask(ANA, path, **{parameter: text}, **others), 400, "invalid", text)

    assert (entry["actor"]["id"], entry["app_id"]) == (ANA, "attacked-leave")
    assert "parameters" not in entry["metadata"]


@pytest.mark.parametrize("attack", INJECTIONS)
def test_a_text_is_stored_as_it_is_and_runs_nothing(leave, ground, attack):
    text, before = INJECTIONS[attack], people(ground)
    reply = leave.ask(
        ANA, "office-directory/commands/report_defect", office="Berlin", place="Lift", description=text
    )

    assert (reply.status_code, reply.json()) == (200, {"affected": 1})
    [(stored,)] = ground.rows("SELECT description FROM office.defect ORDER BY defect_id DESC LIMIT 1")
    assert stored == text
    assert people(ground) == before


@pytest.mark.parametrize("attack", INJECTIONS)
def test_a_text_that_filters_widens_nothing(leave, attack):
    reply = leave.ask(ANA, "equipment-desk/queries/lent_items", item=INJECTIONS[attack])

    assert (reply.status_code, reply.json()["rows"]) == (200, [])


@pytest.mark.parametrize(
    "value",
    [True, 2026.0, 2026.5, "2026", "٢٠٢٦", [2026], {"$gt": 0}, 10**30, -1, "NaN", None, ""],
    ids=repr,
)
def test_an_integer_is_nothing_that_resembles_one(leave, witness, value):
    witness.refusal(leave.ask(ANA, "hr-db/queries/my_leave_balance", year=value), 400, "invalid")


@pytest.mark.parametrize(
    "value",
    [
        "infinity",
        "now",
        "2026-02-30",
        "20260205",
        "\uff12026-01-01",
        "0001-01-01",
        0,
        ["2026-01-01"],
        "2026-01-01\n",
    ],
    ids=repr,
)
def test_a_date_is_nothing_postgresql_would_also_take(leave, witness, value):
    asked = {"from": value, "to": "2026-12-31"}
    witness.refusal(leave.ask(ANA, "hr-db/queries/team_calendar", **asked), 400, "invalid")


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "a\x1bb", "\u202eevil", "a\ud800b", "x" * 501, "line\u2028line", 5, ["x"], {"a": "b"}],
    ids=lambda text: repr(text)[:12],
)
def test_a_text_takes_no_control_characters_surrogates_or_excess(leave, witness, text):
    path = "office-directory/commands/report_defect"
    witness.refusal(leave.ask(ANA, path, office="Berlin", place="Lift", description=text), 400, "invalid")


@pytest.mark.parametrize("name", ["user_email", "app_id", "appguard_limit", "order_by", "limit", "'; --"])
def test_a_parameter_nobody_declared_is_refused(leave, witness, name):
    reply = leave.ask(ANA, "hr-db/queries/my_profile", **{name: "mia@example.com"})
    witness.refusal(reply, 400, "invalid", "mia@example.com")


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe{}",
        b'{"parameters": {"year": NaN}}',
        b'{"parameters": {"year": 2026, "year": 2027}}',
        b'{"parameters": {"year": 2026}, "sql": "SELECT 1"}',
        b'{"parameters": {"year": 2026}, "user": "mia@example.com"}',
        b'{"parameters": {"year": 2026}, "app_id": "attacked-lunch"}',
        b'{"parameters": ' + b"[" * 30_000,
        b"parameters[year]=2026",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ],
    ids=lambda body: body[:24].decode(errors="replace"),
)
def test_a_body_is_the_expected_json_and_says_nothing_else(leave, witness, body):
    reply = leave.send("hr-db/queries/my_leave_balance", {TOKEN: leave.token(ANA)}, body)
    witness.refusal(reply, 400, "invalid")


def test_a_body_too_large_is_refused_before_it_is_read(leave, witness):
    body = json.dumps({"parameters": {"year": "y" * 70_000}}).encode()
    reply = leave.send("hr-db/queries/my_leave_balance", {TOKEN: leave.token(ANA)}, body)
    witness.refusal(reply, 413, "too_large")
