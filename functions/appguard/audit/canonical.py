"""The one byte string that stands for an event: RFC 8785 canonical JSON."""

from datetime import UTC

import rfc8785

from appguard.kernel.errors import Invalid, TooLarge
from appguard.kernel.event import AuditEvent

# Ten events fit one EventBridge call (256 KiB), a hundred one DynamoDB transaction (4 MB),
# one the 16-bit length of a C2SP entry bundle.
MAX_EVENT_BYTES = 24 * 1024


def canonical(event: AuditEvent) -> bytes:
    """The leaf of `event`; raises `TooLarge` or `Invalid` for what the ledger could not keep."""
    in_utc = event.model_copy(update={"timestamp": event.timestamp.astimezone(UTC)})
    try:
        body = rfc8785.dumps(in_utc.model_dump(mode="json", by_alias=True))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Invalid(f"event {event.action} has no canonical form: {error}") from error
    if len(body) > MAX_EVENT_BYTES:
        raise TooLarge(f"event {event.action} has {len(body)} bytes; the limit is {MAX_EVENT_BYTES}")
    return body
