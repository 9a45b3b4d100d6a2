"""`appguard approve` against a provider and the portal's handler: sign in, see what waits, decide."""

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typer.testing import CliRunner

from appguard.cli import sign_in
from appguard.cli.main import app
from appguard.cli.sign_in import Return
from appguard.kernel.errors import Unauthenticated
from tests.browser.identity_provider import provider
from tests.unit.portal.world import Browser, leave_request, waiting, world


@contextmanager
def served(answer: Any) -> Iterator[str]:
    """An HTTP server whose every request `answer` answers."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told = answer(self.command, self.path, body, headers)
            self.send_response(told.status)
            self.send_header("content-type", told.headers["content-type"])
            self.end_headers()
            self.wfile.write(told.body.encode())

        do_POST = do_GET  # noqa: N815 - as the library calls it

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def in_the_browser(email: str) -> Any:
    """Somebody who picks themselves from the provider's list and follows where it sends them."""

    def open_(address: str) -> None:
        def sign_in_() -> None:
            form = urllib.parse.urlencode({"sub": email}).encode()
            urllib.request.urlopen(address, form, timeout=10).read()

        threading.Thread(target=sign_in_, daemon=True).start()

    return open_


@pytest.fixture
def portal(tmp_path, monkeypatch):
    """A portal with a request that waits, and a provider that knows the people of the local platform."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with (
        provider("http://127.0.0.1:1", tmp_path / "key.pem") as issuer,
        world(OIDC_ISSUER=issuer),
        served(Browser()._ask) as url,
    ):
        waiting(leave_request())
        yield url


@pytest.fixture
def run(portal, monkeypatch):
    def run_(*words: str, typed: str = "", by: str = "rob@example.com") -> Any:
        monkeypatch.setattr(sign_in.webbrowser, "open", in_the_browser(by))
        return CliRunner().invoke(app, ["approve", "--url", portal, *words], input=typed)

    return run_


def first(run: Any) -> str:
    """The id as it is listed."""
    return re.search(r"^apr-\w+", run().stdout, re.M)[0]


def test_what_waits_is_listed(run):
    told = run()
    assert told.exit_code == 0, told.output
    assert "Leave request (" in told.stdout
    assert "needed: a reviewer and a data owner" in told.stdout
    assert run(by="dora@example.com").stdout.startswith("apr-")


def test_what_a_decision_rests_on_is_shown_and_the_decision_asked_for(run):
    told = run(first(run), "--comment", "Fine for HR.", typed="y\n")
    assert told.exit_code == 0, told.output
    for heading in ("Risk: ", "What it may do once it is approved", "Needed", "All evidence: "):
        assert heading in told.stdout
    assert "Approve this version?" in told.stdout
    assert "Heard. It waits for a data owner." in told.stdout
    assert "Nothing waits for you." in run().stdout


def test_who_says_neither_decides_nothing(run):
    told = run(first(run), "--comment", "Fine.", typed="n\n")
    assert (told.exit_code, "Heard" in told.stdout) == (1, False)
    assert first(run)


def test_a_refusal_asks_why_and_goes_to_the_requester(run):
    told = run(first(run), "--refuse", typed="Ask for less.\ny\n")
    assert told.exit_code == 0, told.output
    assert told.stdout.endswith("Refused.\n")


def test_what_the_portal_refuses_is_told_with_what_to_do(run):
    told = run(by="mia@example.com")
    assert told.exit_code == 3
    assert "is for the role" in told.stderr
    assert "right group" in told.stderr


def test_an_unknown_id_and_an_address_that_is_no_portal_are_told(run, portal):
    assert "No request that waits for you" in run("apr-0000zzzz").stderr
    told = CliRunner().invoke(app, ["approve", "--url", f"{portal}/nowhere"])
    assert (told.exit_code, "appguard approve: " in told.stderr) == (3, True)


def test_only_the_browser_that_brings_the_state_is_listened_to():
    with Return("right") as back:
        asked = [
            threading.Thread(target=ask, args=(back.address + query,))
            for query in ("?state=wrong&code=1", "/else?state=right&code=2", "?state=right&code=3")
        ]
        for one in asked:
            one.start()
        assert back.wait(5) == {"state": "right", "code": "3"}


def ask(address: str) -> None:
    with suppress(urllib.error.URLError, OSError):
        urllib.request.urlopen(address, timeout=5).read()


def test_nobody_is_waited_for_for_ever():
    with Return("s") as back, pytest.raises(Unauthenticated, match="Nobody signed in"):
        back.wait(0.05)
