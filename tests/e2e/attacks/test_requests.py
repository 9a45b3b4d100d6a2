"""Requests that are not what the API is for: other paths, methods, headers, sizes."""

import pytest

from infra.local.story.cast import ANA
from tests.e2e.caller import TOKEN

pytestmark = pytest.mark.e2e

PROFILE = "hr-db/queries/my_profile"
TOO_LARGE = {400, 413, 431}


@pytest.mark.parametrize(
    "path",
    [
        "hr-db/queries/my_profile/",
        "hr-db/queries//my_profile",
        "hr-db//queries/my_profile",
        "hr-db/queries/../queries/my_profile",
        "hr-db/queries/%2e%2e/queries/my_profile",
        "hr-db/queries/my_profile%00",
        "HR-DB/queries/my_profile",
        "hr-db/Queries/my_profile",
        "hr-db/queries/MY_PROFILE",
        "hr-db/queries/my_profile;x=1",
        "hr-db/queries/my%5fprofile%20",
        "../connectors/hr-db/queries/my_profile",
        "hr-db/queries/my_profile/export/export",
        "hr-db/queries/'%20OR%201=1--",
        "hr-db/queries/" + "x" * 3000,
    ],
    ids=lambda path: path[:40],
)
def test_a_path_that_only_resembles_one_leads_nowhere(leave, witness, path):
    reply = leave.ask(ANA, path)

    assert 400 <= reply.status_code < 500, reply.text
    assert "rows" not in reply.text
    assert {entry["result"] for entry in witness.accesses()} <= {"denied"}
    witness.nothing_leaked(reply, path)


@pytest.mark.parametrize(
    "path",
    [
        "hr-db%2fqueries%2fmy_profile",
        "office-directory%2f..%2fhr-db%2fqueries%2fmy_profile",
        "hr-db%252fqueries",
    ],
)
def test_an_encoded_slash_leads_to_no_more_than_the_path_it_stands_for(lunch, witness, path):
    reply = lunch.ask(ANA, path)

    assert 400 <= reply.status_code < 500, reply.text
    assert {entry["result"] for entry in witness.accesses()} <= {"denied"}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_only_post_is_answered(leave, witness, method):
    reply = leave.send(PROFILE, {TOKEN: leave.token(ANA)}, method=method)

    assert 400 <= reply.status_code < 500
    assert witness.accesses() == []
    witness.nothing_leaked(reply)


def test_a_method_to_override_is_not_one(leave, witness):
    reply = leave.send(PROFILE, {TOKEN: leave.token(ANA), "x-http-method-override": "POST"}, method="GET")
    assert 400 <= reply.status_code < 500
    assert witness.accesses() == []


@pytest.mark.parametrize("size", [20_000, 200_000])
def test_huge_headers_are_refused_or_passed_over_and_harm_nobody_else(leave, lunch, size):
    reply = leave.send(PROFILE, {TOKEN: leave.token(ANA), "x-junk": "j" * size})

    assert reply.status_code in TOO_LARGE or [row[1] for row in reply.json()["rows"]] == [ANA]
    assert lunch.ask(ANA, "office-directory/queries/company_holidays", year=2026).status_code == 200


def test_a_huge_token_is_refused(leave, witness):
    witness.refusal(leave.send(PROFILE, {TOKEN: "x" * 12_000}), 401, "token_refused")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=utf-7"],
)
def test_the_content_type_does_not_decide_how_a_body_is_read(leave, witness, kind):
    headers = {TOKEN: leave.token(ANA), "content-type": kind}
    reply = leave.send("hr-db/queries/my_leave_balance", headers, b"+AHs-year: 2026+AH0-")
    witness.refusal(reply, 400, "invalid")
