"""Signature Version 4 with the function's own role.

Only the signer of botocore is used: its sessions and clients cost a cold micro app about 300 ms of a
whole CPU (of which it has a seventh), and this function calls two addresses in all. Lambda keeps the
role's credentials for a function's whole life in these three variables.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from appguard.kernel.errors import Unavailable

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials


class Sign(Protocol):
    """Adds proof of the caller to a request for an AWS service."""

    def __call__(
        self, service: str, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, str]:
        """The headers to send."""
        ...


def sign_as_this_function(
    service: str, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> dict[str, str]:
    """The given headers and those that sign the request; url and body must be sent exactly as given."""
    from botocore.auth import SigV4Auth  # noqa: PLC0415
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415

    request = AWSRequest(method, url, data=body, headers=dict(headers))
    SigV4Auth(cast("ReadOnlyCredentials", _role()), service, os.environ["AWS_REGION"]).add_auth(request)
    return dict(request.headers.items())


class _Credentials(NamedTuple):
    """The three values the signer reads, without the import of botocore's own."""

    access_key: str
    secret_key: str
    token: str | None


def _role() -> _Credentials:
    try:
        return _Credentials(
            os.environ["AWS_ACCESS_KEY_ID"],
            os.environ["AWS_SECRET_ACCESS_KEY"],
            os.environ.get("AWS_SESSION_TOKEN"),
        )
    except KeyError as error:
        raise Unavailable("This app has no identity of its own at the moment.") from error
