"""Where a secret may be sent."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def unread_on_the_way(url: str) -> bool:
    """Whether nobody between here and `url` reads along: over TLS, or within this machine.

    >>> unread_on_the_way("https://example.com"), unread_on_the_way("http://example.com")
    (True, False)
    """
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
