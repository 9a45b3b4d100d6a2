"""What sources on AWS have in common: clients that keep to the limits, and its errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from appguard.connectors.errors import NothingChanged, OutcomeUnknown, SourceFailed, SourceTimeout
from appguard.connectors.rules import Limits
from appguard.kernel.errors import AppGuardError, Unavailable

if TYPE_CHECKING:
    from botocore.config import Config

_BUSY = frozenset(
    {
        "InternalServerError",
        "InternalServerException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


def brief(limits: Limits) -> "Config":
    """How a client is told to give up in time, and not to try again: a change must not be made twice."""
    from botocore.config import Config  # noqa: PLC0415 - only where a connector of this kind is used

    seconds = limits.timeout_ms / 1000
    return Config(connect_timeout=min(seconds, 1), read_timeout=seconds, retries={"total_max_attempts": 1})


@contextmanager
def in_our_words(*, writing: bool = False) -> Iterator[None]:
    """The SDK's errors as the broker's own; their messages may hold data and are dropped."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise _translated(error, writing=writing) from error


def _translated(error: Exception, *, writing: bool) -> AppGuardError:
    from botocore.exceptions import ClientError, ReadTimeoutError  # noqa: PLC0415

    if isinstance(error, ReadTimeoutError):
        return OutcomeUnknown("no answer came") if writing else SourceTimeout("the source took too long")
    if not isinstance(error, ClientError):
        return Unavailable("the source does not answer")
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return NothingChanged("there was nothing to change")
    if code in _BUSY:
        return Unavailable("the source does not answer")
    return SourceFailed("the source refused the request")
