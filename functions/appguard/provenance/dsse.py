"""DSSE, the envelope around a statement: https://github.com/secure-systems-lab/dsse, protocol version 1.

Reading is stricter than the protocol asks: an unknown or repeated field is refused, because what one
reader skips another may believe.
"""

import base64
import binascii
import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appguard.kernel.strict_json import parse

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_BYTES = 2 * 1024 * 1024


class Unreadable(ValueError):
    """What was given is not what it should be, and why."""


class Signature(BaseModel):
    """One signature: base64, and which key made it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    keyid: str
    sig: str = Field(min_length=1, max_length=1000)


class Envelope(BaseModel):
    """The envelope as it stands in JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    payloadType: str  # noqa: N815 - the protocol's name
    payload: str
    signatures: Annotated[list[Signature], Field(min_length=1, max_length=10)]

    @property
    def content(self) -> bytes:
        """The bytes that were signed, before their encoding; raises `Unreadable`."""
        return unbase64("payload", self.payload)


def pae(payload_type: str, payload: bytes) -> bytes:
    """What is signed: the pre-authentication encoding of type and payload.

    >>> pae("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, keyid: str, signature: bytes) -> bytes:
    """The envelope around `payload`, as bytes to store."""
    encoded = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature).decode()}],
    }
    return json.dumps(encoded, separators=(",", ":")).encode()


def read(envelope: bytes) -> Envelope:
    """The envelope in these bytes; raises `Unreadable`."""
    if len(envelope) > MAX_BYTES:
        raise Unreadable(f"the envelope is larger than {MAX_BYTES:,} bytes")
    try:
        return Envelope.model_validate(strict_json(envelope))
    except ValidationError as error:
        raise Unreadable(f"it is no DSSE envelope: {places(error)}") from None


def strict_json(text: bytes) -> Any:
    """JSON in which no object names a key twice; raises `Unreadable`."""
    try:
        return parse(text)
    except ValueError as error:
        raise Unreadable(f"it is not strict JSON: {error}") from None


def unbase64(what: str, text: str) -> bytes:
    """Standard base64 with its padding and nothing else; raises `Unreadable`."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(f"the {what} is not base64") from None


def places(error: ValidationError) -> str:
    """Where a document differs from its model, without repeating what it says there."""
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'top'}: {e['msg']}" for e in error.errors()[:3])
