"""One POST to a service that is not ours: TLS that proves who it is, bounded, no redirects."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from appguard.kernel.address import unread_on_the_way
from appguard.kernel.errors import Misconfigured, Unavailable

CONNECT_SECONDS, READ_SECONDS = 3.0, 20.0
LARGEST_ANSWER = 8 * 1024 * 1024
OK = 200


class NotAnswered(Unavailable):
    """No whole answer came: nobody knows what arrived."""

    code = "not_answered"


@dataclass(frozen=True)
class Reply:
    """An answer that was whole, whatever it says."""

    status: int
    body: Any = field(repr=False)
    retry_after: float | None = None


class Endpoint:
    """An address, and what to show there. Neither is ever named in an error: both may hold secrets."""

    who = "the other side"

    def __init__(self, address: str, headers: Mapping[str, str], ca: str | None = None) -> None:
        """Speak to `address`, plain http on this machine only; `ca` is the authority to believe, as PEM."""
        import urllib3  # noqa: PLC0415 - comes with boto3

        if not unread_on_the_way(address):
            raise Misconfigured(f"{self.who} must be reached over https")
        self._address, self._headers = address.rstrip("/"), dict(headers)
        limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        trust = ssl.create_default_context(cadata=ca)
        self._pool = urllib3.PoolManager(maxsize=1, timeout=limits, retries=False, ssl_context=trust)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send; raises `NotAnswered` where no whole answer in JSON came."""
        import urllib3  # noqa: PLC0415 - likewise

        try:
            answer = self._pool.request(
                "POST",
                f"{self._address}{path}",
                body=body,
                headers={"user-agent": "appguard", **self._headers, **headers},
                redirect=False,
                preload_content=False,
            )
            content = answer.read(LARGEST_ANSWER + 1)
            asked = _seconds(answer.headers.get("retry-after"))
            answer.release_conn()
        except urllib3.exceptions.HTTPError:
            raise NotAnswered(f"{self.who} does not answer") from None
        return Reply(answer.status, self._document(answer.status, content), asked)

    def _document(self, status: int, content: bytes) -> Any:
        """JSON where success must be told in it; what an error page says is nobody's business."""
        try:
            return json.loads(content if len(content) <= LARGEST_ANSWER else b"")
        except ValueError:
            if status == OK:
                raise NotAnswered(f"the answer of {self.who} is cut or not JSON") from None
            return None


def _seconds(asked: str | None) -> float | None:
    """RFC 9110: a number of seconds or a date."""
    if not asked:
        return None
    if asked.strip().isdecimal():
        return float(asked)
    try:
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
