"""Signing in from a terminal: in the browser, back over a port of this machine (RFC 8252), kept in memory."""

import secrets
import time
import webbrowser
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import typer
from pydantic import ValidationError

from appguard.cli.web import ask
from appguard.kernel.address import unread_on_the_way
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Misconfigured, Unauthenticated
from appguard.kernel.oidc.code_flow import TERMINAL, CodeFlow
from appguard.kernel.oidc.id_token import IdTokens
from appguard.kernel.oidc.issuer import Issuer
from appguard.portal.api.model import Provider

WAIT_SECONDS = 180
RETURN = "/callback"
THANKS = b"You are signed in. Close this page and go back to the terminal.\n"


class Return(HTTPServer):
    """Waits on a free port of the loopback for the browser that brings `state`; anything else is not ours."""

    def __init__(self, state: str) -> None:
        """Listen at once, so that no other program of this machine takes the port meanwhile."""
        super().__init__(("127.0.0.1", 0), _Answers)
        self.state = state
        self.answer: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        """Where the identity provider sends the browser."""
        return f"http://127.0.0.1:{self.server_port}{RETURN}"

    def wait(self, seconds: float = WAIT_SECONDS) -> Mapping[str, str]:
        """What the browser brought; raises `Unauthenticated` where it does not come in time."""
        until = time.monotonic() + seconds
        while self.answer is None:
            self.timeout = until - time.monotonic()
            if self.timeout <= 0:
                raise Unauthenticated(
                    "Nobody signed in", "Start the command again and sign in in the browser."
                )
            self.handle_request()
        return self.answer


class _Answers(BaseHTTPRequestHandler):
    server: Return
    timeout = 5  # of a connection that says nothing

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        answer = dict(parse_qsl(asked.query))
        ours = asked.path == RETURN and secrets.compare_digest(
            answer.get("state", "").encode(), self.server.state.encode()
        )
        self.send_response(200 if ours else 404)
        self.send_header("content-type", "text/plain; charset=utf-8")
        self.send_header("cache-control", "no-store")
        self.end_headers()
        if ours:
            self.wfile.write(THANKS)
            self.server.answer = answer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library calls it
        """Say nothing: an address here holds a code."""


def id_token(portal: str) -> str:
    """The ID token of whoever signs in now, proved to be the answer to this very sign-in."""
    provider = _provider(portal)
    issuer = Issuer(provider.issuer)
    state, verifier, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    with Return(state) as back:
        flow = CodeFlow(issuer, provider.client_id, back.address)
        _open(flow.leave_for(state=state, nonce=TERMINAL + nonce, verifier=verifier, again=True))
        token = flow.redeem(back.wait(), state, verifier)
    IdTokens(issuer, provider.client_id).claims(token, utc_now(), TERMINAL + nonce)
    return token


def _provider(portal: str) -> Provider:
    try:
        return Provider.model_validate_json(ask(f"{portal}/api/sign-in"))
    except ValidationError:
        raise Misconfigured(
            f"{portal:.200} is no portal of AppGuard", "Look whether the address is right."
        ) from None


def _open(address: str) -> None:
    if not unread_on_the_way(address):
        raise Misconfigured("the identity provider must be reached over https")
    typer.echo(f"Sign in in your browser. If none opens, go to\n{address}\n", err=True)
    webbrowser.open(address)
