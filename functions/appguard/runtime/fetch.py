"""The one way this function speaks HTTP: bounded in time and size, no redirects, no retries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from appguard.kernel.errors import Unavailable

if TYPE_CHECKING:
    from urllib3 import PoolManager

LARGEST_REPLY = 6 * 1024 * 1024
CONNECT_SECONDS = 2.0


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Fetch(Protocol):
    """Something that sends one request."""

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 5.0,
    ) -> Reply:
        """Send it; raises `Unavailable`."""
        ...


def fetch(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = 5.0,
) -> Reply:
    """Send one request; raises `Unavailable` when nobody answers in time or the answer is too large."""
    import urllib3  # noqa: PLC0415

    limits = urllib3.Timeout(connect=CONNECT_SECONDS, total=seconds)
    try:
        response = _pool().request(
            method,
            url,
            headers=headers,
            body=body,
            timeout=limits,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            content = response.read(LARGEST_REPLY + 1)
        finally:
            response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise Unavailable("A service this app depends on does not answer.") from error
    if len(content) > LARGEST_REPLY:
        raise Unavailable("The answer was larger than this app can show.", "Narrow down what you ask for.")
    return Reply(response.status, {name.lower(): value for name, value in response.headers.items()}, content)


@cache
def _pool() -> "PoolManager":
    """Connections are kept between requests of one warm function."""
    import urllib3  # noqa: PLC0415

    return urllib3.PoolManager(maxsize=4)
