"""The one way this context reaches the internet: HTTPS, bounded in time and size, no redirects."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from appguard.kernel.errors import Unavailable

CONNECT_SECONDS = 5.0
FOUND, MISSING = 200, 404
NONE: Mapping[str, str] = MappingProxyType({})


class Download(Protocol):
    """Something that fetches an address."""

    def __call__(
        self, url: str, *, largest: int, seconds: float, headers: Mapping[str, str] = NONE
    ) -> bytes | None:
        """What stands there, None for a 404; raises `Unavailable`."""
        ...


def download(url: str, *, largest: int, seconds: float, headers: Mapping[str, str] = NONE) -> bytes | None:
    """Fetch an address; raises `Unavailable` unless it answers 200 or 404 within the limits."""
    import urllib3  # noqa: PLC0415 - comes with boto3

    limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=seconds)
    try:
        with urllib3.PoolManager() as pool:
            reply = pool.request(
                "GET",
                url,
                headers=dict(headers),
                timeout=limits,
                retries=2,
                redirect=False,
                preload_content=False,
            )
            content = reply.read(largest + 1)
            reply.release_conn()
    except urllib3.exceptions.HTTPError:
        raise Unavailable(f"{url:.200} does not answer") from None
    if reply.status == MISSING:
        return None
    if reply.status != FOUND or len(content) > largest:
        raise Unavailable(f"{url:.200} answers {reply.status} or more than {largest:,} bytes")
    return bytes(content)
