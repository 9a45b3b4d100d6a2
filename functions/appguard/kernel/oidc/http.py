"""How the identity provider is asked: over TLS, briefly, without following it elsewhere."""

from typing import IO, Any, Protocol

from appguard.kernel.address import unread_on_the_way
from appguard.kernel.errors import Misconfigured, Unauthenticated, Unavailable

MAX_BYTES = 256 * 1024
TIMEOUT_SECONDS = 5
DECLINED = {400, 401}


class Declined(Unauthenticated):
    """The provider understood the request and said no."""

    def __init__(self) -> None:
        super().__init__("The identity provider did not accept the sign-in.")


class Fetch(Protocol):
    """Reads a small document; with `form`, posts it."""

    def __call__(self, url: str, form: bytes | None = None) -> bytes:
        """The answer's body; raises `Declined`, `Unavailable` or `Misconfigured`."""
        ...


def fetch(url: str, form: bytes | None = None) -> bytes:
    """Read a small document over TLS, or over plain HTTP from this machine; with `form`, post it.

    Raises `Misconfigured` for any other address, `Declined` where the provider says no, and
    `Unavailable` where it does not answer as it should.
    """
    from urllib.error import HTTPError  # noqa: PLC0415 - brings http and ssl, which only a sign-in needs
    from urllib.request import Request  # noqa: PLC0415

    if not unread_on_the_way(url):
        raise Misconfigured("the identity provider must be reached over https")
    request = Request(url, data=form, headers={"accept": "application/json"})  # noqa: S310 - checked above
    try:
        with opener().open(request, timeout=TIMEOUT_SECONDS) as answer:
            body: bytes = answer.read(MAX_BYTES + 1)
    except HTTPError as error:
        raise Declined if error.code in DECLINED else _silent() from None
    except (OSError, ValueError):
        raise _silent() from None
    if len(body) > MAX_BYTES:
        raise _silent()
    return body


def _silent() -> Unavailable:
    return Unavailable("The identity provider does not answer as it should.")


def opener() -> Any:
    """Redirects are errors: what we trust is the address we were given."""
    from urllib.request import HTTPRedirectHandler, build_opener  # noqa: PLC0415

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, _req: Any, _fp: IO[bytes], *_: Any) -> None:
            return None

    return build_opener(Stay)
