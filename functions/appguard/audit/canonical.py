"""The one byte string that stands for an event: RFC 8785 canonical JSON."""

import json
from datetime import UTC
from decimal import Decimal

import rfc8785

from appguard.kernel.errors import Invalid, TooLarge
from appguard.kernel.event import AuditEvent

# Ten events fit one EventBridge call (256 KiB), a hundred one DynamoDB transaction (4 MB),
# one the 16-bit length of a C2SP entry bundle.
MAX_EVENT_BYTES = 24 * 1024
EXACT = 2**53
# Says what RFC 8785 says of nearly every event, several times as fast; it refuses decimals, the rest.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


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


def is_canonical(body: bytes) -> bool:
    """Whether JSON is in the one form `canonical` gives and every verifier will demand."""
    try:
        text = body.decode()
        if _encode(json.loads(text, parse_float=Decimal)) == text:
            return True
    except (TypeError, UnicodeEncodeError):
        pass
    try:
        return rfc8785.dumps(json.loads(body, parse_int=_number)) == body
    except rfc8785.CanonicalizationError:
        return False


def _number(digits: str) -> int | float:
    """What was written without a fraction; beyond these it was a float, as in ECMAScript all numbers are."""
    value = int(digits)
    return value if abs(value) < EXACT else float(value)
