"""Slack on loopback: the methods of its Web API that we call, its people, and what they press.

It is as strict as Slack in what we could get wrong: token, scopes of the manifest, ids, Block Kit's
limits (by slack-sdk's own models), triggers that open one dialog. What a person sees is kept by channel.
"""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import yaml
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.signature import SignatureVerifier

from appguard.approvals.channels.slack.api import SCOPES
from tests.support.running import running

TOKEN = "xoxb-0000-local"
SECRET = "0123456789abcdef0123456789abcdef"
TEAM = "T0LOCAL"
CHANNEL = "C0REVIEWS"
MANIFEST = Path("docs/slack-app.yaml")


class Fault(StrEnum):
    """What may happen to one call."""

    SLOW_DOWN = "slow_down"  # 429 with Retry-After, nothing done
    BROKEN = "broken"  # 503, nothing done
    RESET = "reset"  # the connection ends before anything is done


def member(user_id: str, email: str, **facts: Any) -> dict[str, Any]:
    """A user as `users.info` describes one."""
    return {
        "id": user_id,
        "team_id": TEAM,
        "name": email.partition("@")[0],
        "deleted": False,
        "is_bot": False,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
        "profile": {"email": email, "real_name": email},
        **facts,
    }


PEOPLE = {
    user["id"]: user
    for user in (
        member("U0ANA", "ana@example.com"),
        member("U0ROB", "rob@example.com"),
        member("U0SAM", "Sam@example.com"),
        member("U0MIA", "mia@example.com"),
        member("U0DORA", "dora@example.com"),
    )
}


@dataclass
class Slack:
    """What was said where; `faults` are used up by calls, one each."""

    port: int = 0
    people: dict[str, dict[str, Any]] = field(default_factory=lambda: dict(PEOPLE))
    faults: list[Fault] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    triggers: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    # What people do

    def press(self, user: str, message: dict[str, Any], action: str, /, **more: Any) -> str:
        """The body Slack sends when `user` presses a button of `message`."""
        buttons = [e for block in message["blocks"] if block["type"] == "actions" for e in block["elements"]]
        [button] = [each for each in buttons if each["action_id"] == action]
        payload = {
            "type": "block_actions",
            "actions": [{"action_id": action, "value": button["value"], "type": "button"}],
            "container": {
                "type": "message",
                "channel_id": message["channel"],
                "message_ts": message["ts"],
            },
        }
        return self._body(user, payload, more)

    def confirm(self, user: str, view: dict[str, Any], comment: str | None = None, /, **more: Any) -> str:
        """The body Slack sends when `user` confirms a dialog."""
        values = {"comment": {"comment": {"type": "plain_text_input", "value": comment}}}
        return self._body(
            user, {"type": "view_submission", "view": {**view, "state": {"values": values}}}, more
        )

    def _body(self, user: str, payload: dict[str, Any], more: dict[str, Any]) -> str:
        trigger = f"{next(self.numbers)}.trigger"
        self.triggers.add(trigger)
        whole = {
            "team": {"id": TEAM, "domain": "example"},
            "user": {"id": user, "team_id": TEAM, "username": user},
            "api_app_id": "A0LOCAL",
            "trigger_id": trigger,
            **payload,
            **more,
        }
        return urlencode({"payload": json.dumps(whole)})

    # What apps ask

    def answer(self, method: str, token: str, asked: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self.calls.append(method)
            if token != f"Bearer {TOKEN}":
                return _no("invalid_auth")
            if not SCOPES.get(method, {"unknown"}) <= granted():
                return _no("missing_scope")
            known = {
                "chat.postMessage": self._post,
                "chat.update": self._update,
                "chat.postEphemeral": self._whisper,
                "users.info": self._user,
                "users.lookupByEmail": self._find,
                "views.open": self._open,
            }
            return known[method](asked)

    def _post(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = asked["channel"]
        if channel not in {CHANNEL, *self.people}:
            return _no("channel_not_found")
        if problem := _unfit(asked):
            return _no("invalid_blocks", detail=problem)
        ts = f"{int(time.time())}.{next(self.numbers):06}"
        said = {**asked, "channel": channel if channel == CHANNEL else f"D{channel[1:]}", "ts": ts}
        self.messages.append(said)
        return {"ok": True, "channel": said["channel"], "ts": ts, "message": {}}

    def _update(self, asked: dict[str, Any]) -> dict[str, Any]:
        if problem := _unfit(asked):
            return _no("invalid_blocks", detail=problem)
        for said in self.messages:
            if (said["channel"], said["ts"]) == (asked["channel"], asked["ts"]):
                said |= {"text": asked["text"], "blocks": asked["blocks"]}
                return {"ok": True, "channel": said["channel"], "ts": said["ts"]}
        return _no("message_not_found")

    def _whisper(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.whispers.append(asked)
        return {"ok": True, "message_ts": "1.0"}

    def _user(self, asked: dict[str, Any]) -> dict[str, Any]:
        user = self.people.get(asked["user"])
        return {"ok": True, "user": user} if user else _no("user_not_found")

    def _find(self, asked: dict[str, Any]) -> dict[str, Any]:
        wanted = asked["email"].lower()
        for user in self.people.values():
            if user["profile"].get("email", "").lower() == wanted and not user["deleted"]:
                return {"ok": True, "user": user}
        return _no("users_not_found")

    def _open(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["trigger_id"] not in self.triggers:
            return _no("expired_trigger_id")
        self.triggers.discard(asked["trigger_id"])
        if problem := _unfit_view(asked["view"]):
            return _no("invalid_arguments", detail=problem)
        self.views.append(asked["view"])
        return {"ok": True, "view": {"id": f"V{next(self.numbers)}"}}


def signed(body: str, secret: str = SECRET, at: float | None = None, **headers: str) -> dict[str, str]:
    """The headers Slack sends along with a body."""
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": str(signature),
        **headers,
    }


def granted() -> set[str]:
    """The scopes the shipped manifest asks for."""
    return set(yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"])


def shown(blocks: list[dict[str, Any]]) -> str:
    """Blocks as a reader sees them, line by line."""
    lines = []
    for block in blocks:
        parts = [block.get("text"), block.get("label"), *block.get("elements", [])]
        texts = [p["text"] if isinstance(p["text"], str) else f"[{p['text']['text']}]" for p in parts if p]
        lines.append("  ".join(texts))
    return "\n".join(lines)


def _unfit(asked: dict[str, Any]) -> str:
    try:
        parsed = Block.parse_all(asked["blocks"])
        again = [block.to_dict() for block in parsed]
    except Exception as problem:
        return str(problem)
    return "" if len(again) == len(asked["blocks"]) <= 50 else "blocks that nobody knows"


def _unfit_view(view: dict[str, Any]) -> str:
    try:
        View(**view).to_dict()
    except Exception as problem:
        return str(problem)
    return _unfit(view)


def _no(error: str, **more: str) -> dict[str, Any]:
    return {"ok": False, "error": error, **more}


def _read(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        return json.loads(body)
    found = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return {name: json.loads(value) if value[:1] in "[{" else value for name, value in found.items()}


@contextmanager
def serving(port: int = 0) -> Iterator[Slack]:
    """A Slack that listens."""
    slack = Slack()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0))
            fault = slack.faults.pop(0) if slack.faults else None
            if fault is Fault.RESET:
                self.close_connection = True
                return
            status, headers, said = 200, {}, {}
            if fault is Fault.SLOW_DOWN:
                status, headers, said = 429, {"retry-after": "1"}, _no("ratelimited")
            elif fault is Fault.BROKEN:
                status, said = 503, _no("service_unavailable")
            else:
                method, _, query = self.path.rpartition("/")[2].partition("?")
                asked = _read(self.headers.get("content-type", ""), body or query.encode())
                said = slack.answer(method, self.headers.get("authorization", ""), asked)
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            for name, value in {"content-length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815 - as its base wants it

        def log_message(self, *_: object) -> None:
            """The test looks at what was said."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    with running(server) as slack.port:
        yield slack
