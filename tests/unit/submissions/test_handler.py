"""The HTTP side: what a CI run sends, and what it is told."""

import base64
import json

import pytest

from appguard.apps.archive import MAX_ARCHIVE
from appguard.submissions import submit
from appguard.submissions.handler import receive
from tests.support.forge import PORTAL
from tests.support.world import harmless


@pytest.fixture
def ask(door, monkeypatch):
    monkeypatch.setenv("PORTAL_URL", f"{PORTAL}/")
    monkeypatch.setattr(submit, "submissions", lambda: door.submissions)
    door.app()

    def send(app_id="defects", token=None, body=None, **changes):
        event = {
            "pathParameters": {"app_id": app_id},
            "headers": {"authorization": f"Bearer {token or door.hub.token()}"},
            "queryStringParameters": {"folder": "."},
            "body": base64.b64encode(harmless().to_zip() if body is None else body).decode(),
            "isBase64Encoded": True,
        }
        answer = receive(event | changes, Context())
        return answer["statusCode"], json.loads(answer["body"])

    return send


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


def test_a_run_is_told_the_state_and_where_to_look(ask):
    status, said = ask()

    assert status == 202
    assert said["review_id"].startswith("rev-")
    assert (said["state"], said["page"], said["reasons"]) == ("running", f"{PORTAL}/my/defects", [])


def test_without_a_folder_it_is_the_top(ask):
    assert ask(queryStringParameters=None)[0] == 202


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"headers": {}}, 401, "ci_token_refused"),
        ({"headers": {"authorization": "Basic abc"}}, 401, "ci_token_refused"),
        ({"token": "forged.to.ken"}, 401, "ci_token_refused"),
        ({"app_id": "../x"}, 404, "not_found"),
        ({"app_id": "other-app"}, 403, "not_linked"),
        ({"queryStringParameters": {"folder": "../.."}}, 400, "invalid"),
        ({"queryStringParameters": {"folder": "apps"}}, 403, "not_linked"),
        ({"body": b"no archive"}, 400, "bundle_invalid"),
        ({"isBase64Encoded": False}, 400, "bundle_invalid"),
        ({"body": b"x" * (2 * MAX_ARCHIVE)}, 413, "too_large"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_every_refusal_has_a_code_a_message_and_a_remedy(ask, changes, status, code):
    found, said = ask(**changes)

    assert (found, said["error"]["code"]) == (status, code)
    assert said["error"]["message"]
    assert said["error"]["remediation"]


def test_what_nobody_foresaw_is_told_without_its_insides(ask, door, monkeypatch):
    monkeypatch.setattr(door.submissions.links.store, "find", lambda _: 1 / 0)
    status, said = ask()
    assert (status, said["error"]["code"]) == (500, "internal")
    assert "division" not in json.dumps(said)


def test_no_token_and_no_login_is_logged(ask, door, capsys):
    token = door.hub.token(actor="somebody-known")
    ask(token=token)
    ask(token=token)
    assert not {token, token.split(".")[2], "somebody-known"} & set(capsys.readouterr().out.split('"'))
