import base64
import json
import re

import pytest

from appguard.runtime.fetch import Reply
from tests.unit.runtime.world import GOOD, World


def refuse(world, path, status, code="forbidden", message="No.", remediation="Ask."):
    document = {"error": {"code": code, "message": message, "remediation": remediation}}
    world.broker.answers[path] = Reply(status, {}, json.dumps(document).encode())


def test_the_start_page_leads_to_every_page(ana):
    page = ana.get("/").body
    for page_id in ("ask", "team", "balance"):
        assert f'href="/apps/leave-request/pages/{page_id}"' in page


def test_pages_carry_no_script_no_style_and_forbid_both(ana):
    for path in ("/", "/pages/ask", "/pages/team"):
        event = ana.get(path).to_event()
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", event["body"])
        assert "default-src 'none'" in event["headers"]["content-security-policy"]
        assert event["headers"]["cache-control"] == "no-store"


def test_the_stylesheet_is_named_by_its_digest_and_kept_forever(world, ana):
    [path] = re.findall(r'href="/apps/leave-request(/assets/app\.[0-9a-f]{16}\.css)"', ana.get("/").body)
    answer = World().get(path).to_event()
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"].startswith("text/css")
    assert "immutable" in answer["headers"]["cache-control"]


def test_a_stylesheet_of_another_version_gives_todays_and_is_not_kept(world):
    answer = world.get("/assets/app.0123456789abcdef.css").to_event()
    assert answer["statusCode"] == 200
    assert answer["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/assets/app.js", "/assets/..", "/pages/nope", "/pages/ask/export", "/x"])
def test_what_is_not_there_is_not_found(ana, path):
    answer = ana.get(path)
    assert answer.status == 404
    assert "Page not found" in answer.body


def test_a_good_form_becomes_one_command_in_the_persons_name(ana):
    answer = ana.post("/pages/ask", {**GOOD, "reason": "Summer"})
    [(path, body, headers)] = ana.broker.calls
    assert path == "hr-db/commands/request_leave"
    assert body["parameters"] == {
        "leave_type": "annual",
        "starts_on": "2026-08-10",
        "ends_on": "2026-08-14",
        "reason": "Summer",
    }
    assert headers["x-appguard-user-token"].count(".") == 2
    assert answer.status == 303


def test_a_field_left_empty_is_no_parameter(ana):
    ana.post("/pages/ask", {**GOOD, "reason": " "})
    assert "reason" not in ana.broker.calls[0][1]["parameters"]


def test_success_is_said_once(ana):
    ana.get(ana.post("/pages/ask", GOOD).headers["location"].removeprefix("/apps/leave-request"))
    assert "<h1>Sent</h1>" not in ana.get("/pages/ask").body


def test_a_wrong_form_shows_each_problem_at_its_field_and_sends_nothing(ana):
    answer = ana.post("/pages/ask", {**GOOD, "first_day": "soon"})
    assert answer.status == 422
    assert 'href="#f-first_day"' in answer.body
    assert re.search(r'id="f-first_day"[^>]*aria-describedby="[^"]*f-first_day-error"', answer.body)
    assert ana.broker.calls == []


def test_what_was_typed_is_shown_as_text_never_as_markup(ana):
    answer = ana.post("/pages/ask", {**GOOD, "first_day": "", "reason": '"><script>alert(1)</script>'})
    assert "<script>" not in answer.body
    assert "&lt;script&gt;" in answer.body


def test_data_is_shown_as_text_never_as_markup(ana):
    document = {"columns": [{"name": "days", "label": "<i>"}], "rows": [["<img src=x onerror=y>"]]}
    ana.broker.answers["hr-db/queries/my_leave_balance"] = Reply(200, {}, json.dumps(document).encode())
    assert "<img" not in ana.get("/pages/balance").body


def test_a_command_the_source_refuses_keeps_the_form_and_says_why(ana):
    refuse(
        ana, "hr-db/commands/request_leave", 409, "refused_by_source", "You have 3 days left.", "Take less."
    )
    answer = ana.post("/pages/ask", GOOD)
    assert answer.status == 409
    assert "You have 3 days left." in answer.body
    assert "Take less." in answer.body
    assert 'value="2026-08-10"' in answer.body


def test_a_broken_mapping_is_the_authors_fault_and_tells_no_details():
    definition = json.loads(json.dumps(World().definition))
    definition["pages"][0]["submit"]["mapping"] = '{"a": $nosuch(1)}'
    world = World(definition=definition)
    world.sign_in()
    answer = world.post("/pages/ask", GOOD)
    assert answer.status == 500
    assert "mapping_failed" in answer.body
    assert "nosuch" not in answer.body


def test_a_table_asks_with_the_mapping_and_shows_the_authors_columns(ana):
    page = ana.get("/pages/team").body
    [(_, body, _)] = ana.broker.calls
    assert list(body["parameters"]) == ["from"]
    assert re.findall(r'scope="col"[^>]*>([^<]+?) ?<', page) == [
        "Employee",
        "Birth date",
        "From",
        "To",
        "Days",
    ]


def test_a_table_without_a_mapping_sends_no_parameters(ana):
    ana.get("/pages/balance")
    assert ana.broker.calls[0][1] == {"parameters": {}}


@pytest.mark.parametrize(
    ("asked", "shown"), [("2", 2), ("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("9" * 5000, 1), ("²", 1)]
)
def test_any_page_number_leads_to_a_page(ana, asked, shown):
    assert f"Page {shown} of 3" in ana.get(f"/pages/team?page={asked}").body


def test_an_empty_table_says_so(ana):
    assert "Nothing to show yet" in ana.get("/pages/balance").body


def test_a_blocked_export_is_a_page_with_the_brokers_words_the_remedy_and_a_trace(ana):
    answer = ana.post("/pages/team/export", {"purpose": "Planning the summer"})
    assert answer.status == 403
    for words in ("This export is blocked", "birth_date", "ask the data owner for an exception", "1-abc"):
        assert words in answer.body
    [(_, body, _)] = ana.broker.calls
    assert body["purpose"] == "Planning the summer"
    assert body["format"] == "csv"


@pytest.mark.parametrize(
    ("chosen", "asked", "media_type"),
    [
        ("CSV", "csv", "text/csv"),
        ("JSON", "json", "application/json"),
        ("Excel workbook", "xlsx", "application/vnd"),
    ],
)
def test_an_allowed_export_is_the_brokers_very_file_named_after_its_entry_in_the_ledger(
    ana, chosen, asked, media_type
):
    entry = "evt-" + "0a" * 16
    content = b"PK\x03\x04 or Jos\xc3\xa9"
    reply = Reply(200, {"x-appguard-ledger-entry": entry}, content)
    ana.broker.answers["hr-db/queries/team_calendar/export"] = reply
    event = ana.post("/pages/team/export", {"purpose": "Planning", "format": chosen}).to_event()
    assert ana.broker.calls[-1][1]["format"] == asked
    assert (
        event["headers"]["content-disposition"]
        == f'attachment; filename="leave-request-team-{entry}.{asked}"'
    )
    assert event["headers"]["content-type"].startswith(media_type)
    assert event["isBase64Encoded"]
    assert base64.b64decode(event["body"]) == content


def test_nothing_but_a_ledger_entry_gets_into_the_files_name(ana):
    reply = Reply(200, {"x-appguard-ledger-entry": 'x"; y'}, b"a")
    ana.broker.answers["hr-db/queries/team_calendar/export"] = reply
    answer = ana.post("/pages/team/export", {"purpose": "Planning"})
    assert answer.headers["content-disposition"] == 'attachment; filename="leave-request-team.csv"'


def test_an_export_offers_three_kinds_of_file(ana):
    page = ana.get("/pages/team/export").body
    for kind in ("Excel workbook", "CSV", "JSON"):
        assert kind in page
    assert ana.post("/pages/team/export", {"purpose": "Planning", "format": "exe"}).status == 422


def test_an_export_needs_a_purpose(ana):
    assert ana.post("/pages/team/export", {"purpose": " "}).status == 422
    assert ana.broker.calls == []


def test_an_export_needs_the_apps_own_form(ana):
    assert ana.ask("POST", "/pages/team/export", {"purpose": "x"}).status == 403
    assert ana.broker.calls == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_table_without_export_offers_none(ana, method):
    assert "Export" not in ana.get("/pages/balance").body
    ana.broker.calls.clear()
    send = ana.get if method == "GET" else lambda path: ana.post(path, {"purpose": "x"})
    assert send("/pages/balance/export").status == 403
    assert ana.broker.calls == []


def test_a_refused_query_is_told_in_the_brokers_words(ana):
    refuse(ana, "hr-db/queries/team_calendar", 403, "not_granted", "This app may not use team_calendar.")
    answer = ana.get("/pages/team")
    assert answer.status == 403
    assert "may not use team_calendar" in answer.body


def test_a_failing_broker_leaks_nothing(ana):
    refuse(ana, "hr-db/queries/team_calendar", 500, "internal", "psycopg.OperationalError at 10.0.0.7")
    answer = ana.get("/pages/team")
    assert answer.status == 503
    assert "10.0.0.7" not in answer.body
    assert "1-abc" in answer.body


def test_a_token_the_broker_no_longer_accepts_leads_back_to_sign_in_without_a_loop(ana):
    refuse(ana, "hr-db/queries/team_calendar", 401, "unauthenticated", "expired")
    answer = ana.get("/pages/team")
    assert answer.status == 401
    assert "Sign in" in answer.body
    assert not any("session" in name for name in ana.jar)


def test_a_form_too_large_is_refused(ana):
    assert ana.post("/pages/ask", {**GOOD, "reason": "x" * 70_000}).status == 413


def test_head_answers_without_a_body(ana):
    answer = ana.ask("HEAD", "/")
    assert (answer.status, answer.body) == (200, "")


def test_masked_columns_are_marked_and_explained(ana):
    page = ana.get("/pages/team").body
    assert 'Birth date <span class="badge">Masked</span>' in page
    assert "Birth date is masked" in page
