"""Who signed an envelope: every signature is by a key we know, each key signs once, and all of them hold."""

from appguard.provenance import dsse
from appguard.provenance.errors import NotAttested
from appguard.provenance.keys import Keys


def opened(envelope: bytes, keys: Keys) -> bytes:
    """The payload that was signed; raises `NotAttested`, or `dsse.Unreadable` for what is no envelope."""
    read = dsse.read(envelope)
    payload = read.content
    if read.payloadType != dsse.PAYLOAD_TYPE:
        raise NotAttested(f"the payload is of type {read.payloadType!r:.80}, not {dsse.PAYLOAD_TYPE}")
    message = dsse.pae(read.payloadType, payload)
    named = [signature.keyid for signature in read.signatures]
    if len(set(named)) != len(named):
        raise NotAttested("one key signs twice")
    for signature in read.signatures:
        holds = keys.get(signature.keyid)
        if holds is None:
            raise NotAttested(f"it is signed by a key that is not ours: {signature.keyid!r:.80}")
        if not holds(dsse.unbase64("signature", signature.sig), message):
            raise NotAttested(f"the signature of key {signature.keyid} does not hold")
    return payload
