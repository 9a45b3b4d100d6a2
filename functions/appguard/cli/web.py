"""How a command asks a server: over TLS, with a bearer token, told plainly what went wrong."""

import json
from urllib.parse import urlsplit

from appguard.kernel.address import unread_on_the_way
from appguard.kernel.errors import AppGuardError, Misconfigured, Unavailable
from appguard.kernel.oidc.http import opener

TIMEOUT_SECONDS = 60


class Refused(AppGuardError):
    """The server said no; message and advice are its words."""

    code = "refused_by_server"


def ask(url: str, bearer: str = "", body: bytes | None = None, kind: str = "application/zip") -> bytes:
    """The answer to a GET, or to a POST of `body`, which is of this media type.

    Raises `Refused`, `Unavailable` or `Misconfigured`; a redirect is refused, the bearer is for this address.
    """
    from urllib.error import HTTPError  # noqa: PLC0415 - brings http and ssl, which other commands spare
    from urllib.request import Request  # noqa: PLC0415

    if not unread_on_the_way(url):
        raise Misconfigured(f"{url:.200} is not an https address", "Set the portal's address, https://….")
    headers = {"accept": "application/json"}
    if bearer:
        headers["authorization"] = f"Bearer {bearer}"
    if body is not None:
        headers["content-type"] = kind
    request = Request(url, data=body, headers=headers)  # noqa: S310 - checked above
    try:
        with opener().open(request, timeout=TIMEOUT_SECONDS) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        raise _said(error.code, error.read()) from None
    except OSError as error:
        raise Unavailable(f"{urlsplit(url).netloc} does not answer: {error}") from None


def _said(status: int, body: bytes) -> Refused:
    try:
        said = json.loads(body)["error"]
        return Refused(str(said["message"]), str(said["remediation"]))
    except (ValueError, KeyError, TypeError):
        return Refused(f"the server answered with {status}", "Look whether the address is right.")
