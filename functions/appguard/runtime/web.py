"""Requests and responses of the HTTP API (payload format 2.0)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, Self
from urllib.parse import parse_qsl

from appguard.kernel.errors import Invalid, NotFound, TooLarge
from appguard.kernel.event import current_trace

MAX_BODY = 64 * 1024
MAX_FIELDS = 300


@dataclass(frozen=True)
class Request:
    """One request, addressed below the app: `path` is `/` for its start page.

    `seconds` is how long the function may still take over it.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    trace_id: str = ""
    seconds: float = 10.0

    @classmethod
    def from_event(cls, event: Mapping[str, Any], app_id: str, seconds: float = 10.0) -> Self:
        """Read a gateway event; raises `NotFound` when it is not addressed to this app."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        body = event.get("body") or ""
        return cls(
            method=event["requestContext"]["http"]["method"],
            path=_below(event["rawPath"], f"/apps/{app_id}"),
            query=dict(parse_qsl(event.get("rawQueryString") or "")),
            headers=headers,
            cookies=_cookies([*(event.get("cookies") or []), headers.get("cookie", "")]),
            body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
            trace_id=current_trace() or event["requestContext"].get("requestId", ""),
            seconds=seconds,
        )

    @property
    def parts(self) -> list[str]:
        """The path's segments; the start page has none."""
        return [part for part in self.path.split("/") if part]

    def form(self) -> dict[str, str]:
        """The submitted fields; of a name sent twice the last counts."""
        if len(self.body) > MAX_BODY:
            raise TooLarge(f"A form may be at most {MAX_BODY // 1024} KB.")
        try:
            text = self.body.decode()
            return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"))
        except ValueError as error:
            raise Invalid(
                "The form could not be read.", "Go back, reload the page and send it again."
            ) from error


@dataclass(frozen=True)
class Response:
    """One response; cookies are whole `Set-Cookie` values."""

    status: int
    body: str | bytes = ""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[str] = ()

    @classmethod
    def redirect(cls, location: str, *cookies: str) -> Self:
        """Go there with GET, whatever the method was."""
        return cls(303, headers={"location": location}, cookies=cookies)

    def to_event(self) -> dict[str, Any]:
        """The gateway's form of this response, with the headers every page carries."""
        encoded = isinstance(self.body, bytes)
        return {
            "statusCode": self.status,
            "headers": {**SECURITY_HEADERS, "content-type": self.content_type, **self.headers},
            "cookies": list(self.cookies),
            "body": base64.b64encode(self.body).decode() if isinstance(self.body, bytes) else self.body,
            "isBase64Encoded": encoded,
        }


SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def _below(raw_path: str, base: str) -> str:
    """The part of the path after the app's own, whatever stage stands in front of it."""
    _, found, rest = raw_path.partition(base)
    if not found or (rest and not rest.startswith("/")):
        raise NotFound("There is no such app here.")
    return rest or "/"


def _cookies(lines: Sequence[str]) -> dict[str, str]:
    """AWS lists cookies apart; other gateways leave them in the header. Read both."""
    found: dict[str, str] = {}
    for line in lines:
        for pair in line.split(";"):
            try:
                found |= {name: morsel.value for name, morsel in SimpleCookie(pair.strip()).items()}
            except CookieError:
                continue
    return found
