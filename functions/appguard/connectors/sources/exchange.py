"""One HTTPS request and its answer: to a checked address, within a time, up to a size, never elsewhere."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPSConnection
from socket import create_connection
from typing import Any, cast

from appguard.connectors.errors import OutcomeUnknown, ResultTooLarge, SourceFailed, SourceTimeout
from appguard.kernel.errors import Unavailable

_PLAIN = {None, "", "identity"}


@dataclass(frozen=True)
class Server:
    """Whom to ask: the name its certificate must bear, and the address that was checked for it."""

    host: str
    port: int
    address: str
    ca: str | None = None


@dataclass(frozen=True)
class Request:
    """What is asked."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None


def exchange(server: Server, request: Request, seconds: float, limit: int) -> tuple[int, bytes]:
    """Status and body of the answer. Redirects are answers like others: nobody follows them.

    Raises `Unavailable`, `SourceTimeout` or, when a change may have been made, `OutcomeUnknown`;
    `SourceFailed` for an answer that is no plain one and `ResultTooLarge` for one over `limit` bytes.
    """
    connection = _Pinned(server, seconds)
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise Unavailable("the source does not answer") from error
    try:
        connection.request(request.method, request.target, request.body, dict(request.headers))
        answer = connection.getresponse()
        if answer.getheader("content-encoding") not in _PLAIN:
            raise SourceFailed("the source answered in an encoding nobody asked for")
        content = answer.read(limit + 1)
    except (OSError, HTTPException) as error:
        raise _silence(request, error) from error
    finally:
        connection.close()
    if len(content) > limit:
        raise ResultTooLarge(f"the source's answer exceeds {limit} bytes")
    return answer.status, content


def _silence(request: Request, error: Exception) -> Exception:
    """What it means that no whole answer came."""
    if request.method != "GET":
        return OutcomeUnknown("no answer came")
    if isinstance(error, TimeoutError):
        return SourceTimeout("the source took too long")
    return Unavailable("the source does not answer")


class _Hurried(ssl.SSLSocket):
    """A socket whose patience is for all reads together: an answer that drips does not extend it."""

    ends: float

    def recv_into(self, *given: Any, **named: Any) -> int:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)
        return super().recv_into(*given, **named)


class _Pinned(HTTPSConnection):
    """A connection to the address that was checked, and to nobody who cannot prove the name."""

    def __init__(self, server: Server, seconds: float) -> None:
        trust = _trusting(server.ca)
        super().__init__(server.host, server.port, timeout=seconds, context=trust)
        self._trust, self._address = trust, server.address
        self._ends = time.monotonic() + seconds

    def connect(self) -> None:
        """Reach the address and have the name proved, all within the time."""
        raw = create_connection((self._address, self.port), self.timeout)
        try:
            raw.settimeout(max(self._ends - time.monotonic(), 0.001))
            hurried = cast("_Hurried", self._trust.wrap_socket(raw, server_hostname=self.host))
        except OSError:
            raw.close()
            raise
        hurried.ends = self._ends
        self.sock = hurried


@cache
def _trusting(ca: str | None) -> ssl.SSLContext:
    """Whom to believe: the given authority alone, else the system's. Reading those takes milliseconds."""
    trust = ssl.create_default_context(cadata=ca)
    trust.sslsocket_class = _Hurried
    return trust
