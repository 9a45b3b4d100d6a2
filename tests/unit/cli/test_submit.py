"""`appguard submit`: what it sends, and what it exits with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from appguard.apps.bundle import Bundle
from appguard.cli.main import app
from tests.support.forge import run_of, served
from tests.support.world import harmless


@contextmanager
def platform(status: int, said: dict[str, Any], headers: dict[str, str] | None = None) -> Iterator[Any]:
    """A server that answers every POST so, and keeps what it was sent."""
    sent: list[Any] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            sent.append((self.path, self.headers["authorization"], body))
            answer = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"content-length": str(len(answer)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()


def review(state: str, *reasons: str) -> dict[str, Any]:
    return {"review_id": "rev-1", "state": state, "page": "https://x/my/defects", "reasons": list(reasons)}


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "apps" / "defects"
    folder.mkdir(parents=True)
    (folder / "app.yaml").write_bytes(harmless().files["app.yaml"])
    return tmp_path


@pytest.fixture(scope="module")
def forge():
    with served() as issuer:
        yield issuer


def run(checkout, variables, *words: str):
    names = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "APPGUARD_ID_TOKEN", "APPGUARD_URL")
    cleared = dict.fromkeys((*names, "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"))
    folder = str(checkout / "apps" / "defects")
    return CliRunner().invoke(app, ["submit", folder, *words], env=cleared | variables)


def claims(authorization: str) -> dict[str, Any]:
    from joserfc.util import urlsafe_b64decode  # noqa: PLC0415

    return json.loads(urlsafe_b64decode(authorization.split(".")[1].encode()))


def test_on_github_it_asks_for_a_token_made_for_the_portal_and_sends_the_folder(checkout, forge):
    with platform(202, review("running")) as (url, sent):
        done = run(checkout, run_of(forge, checkout) | {"APPGUARD_URL": f"{url}/"})

    [(path, authorization, body)] = sent
    asked = urlsplit(path)
    assert (asked.path, parse_qs(asked.query)) == (
        "/api/apps/defects/submissions",
        {"folder": ["apps/defects"]},
    )
    assert claims(authorization)["aud"] == url
    assert Bundle.from_zip(body).digest == harmless().digest
    assert (done.exit_code, done.stdout) == (0, "running: https://x/my/defects\n")


def test_on_gitlab_the_token_stands_in_a_variable(checkout):
    variables = {"APPGUARD_ID_TOKEN": "the.id.token", "CI_PROJECT_DIR": str(checkout)}
    with platform(202, review("running")) as (url, sent):
        done = run(checkout, variables, "--url", url)
    assert sent[0][1] == "Bearer the.id.token"
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("state", "code"),
    [("running", 0), ("approved", 0), ("published", 0), ("waiting", 2), ("refused", 1)],
)
def test_it_exits_as_check_does(checkout, state, code):
    variables = {"APPGUARD_ID_TOKEN": "the.id.token", "CI_PROJECT_DIR": str(checkout)}
    with platform(202, review(state, "A password stands in app.yaml.")) as (url, _):
        done = run(checkout, variables, "--url", url)
    assert done.exit_code == code
    assert "- A password stands in app.yaml." in done.stdout


def test_a_refusal_is_told_with_its_remedy(checkout):
    variables = {"APPGUARD_ID_TOKEN": "the.id.token", "CI_PROJECT_DIR": str(checkout)}
    error = {"code": "not_linked", "message": "It is not linked.", "remediation": "The owner links it."}
    with platform(403, {"error": error}) as (url, _):
        done = run(checkout, variables, "--url", url)
    assert (done.exit_code, done.stderr) == (3, "appguard submit: It is not linked.\nThe owner links it.\n")


@pytest.mark.parametrize("said", [{}, {"message": "Not Found"}])
def test_an_address_that_is_no_portal_is_said_so(checkout, said):
    variables = {"APPGUARD_ID_TOKEN": "the.id.token", "CI_PROJECT_DIR": str(checkout)}
    with platform(404, said) as (url, _):
        done = run(checkout, variables, "--url", url)
    assert (done.exit_code, "answered with 404" in done.stderr) == (3, True)


def test_the_token_does_not_follow_a_redirect(checkout):
    variables = {"APPGUARD_ID_TOKEN": "the.id.token", "CI_PROJECT_DIR": str(checkout)}
    with (
        platform(202, review("running")) as (elsewhere, caught),
        platform(302, {}, {"location": elsewhere}) as (url, _),
    ):
        done = run(checkout, variables, "--url", url)
    assert (done.exit_code, caught) == (3, [])


@pytest.mark.parametrize(
    ("variables", "words", "said"),
    [
        ({}, ("--url", "https://portal.example.com"), "not a CI run with an identity"),
        ({"APPGUARD_ID_TOKEN": "t"}, ("--url", "http://portal.example.com"), "not an https address"),
        ({"APPGUARD_ID_TOKEN": "t"}, ("--url", "http://127.0.0.1:9"), "does not answer"),
        ({"APPGUARD_ID_TOKEN": "t", "CI_PROJECT_DIR": "/usr"}, ("--url", "http://127.0.0.1:9"), "outside"),
        ({"APPGUARD_ID_TOKEN": "t"}, (), "--url"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_sent_exits_3_and_says_why(checkout, variables, words, said):
    done = run(checkout, {"CI_PROJECT_DIR": str(checkout), **variables}, *words)
    assert done.exit_code == 3
    assert said in done.stderr


def test_a_folder_that_is_no_app_or_cannot_be_read_is_not_sent(checkout):
    (checkout / "apps" / "defects" / "app.yaml").write_text("metadata: [\n")
    variables = {"APPGUARD_ID_TOKEN": "t", "CI_PROJECT_DIR": str(checkout)}
    with platform(202, review("running")) as (url, sent):
        done = run(checkout, variables, "--url", url)
    assert (done.exit_code, sent) == (3, [])
    assert "line" in done.stderr
