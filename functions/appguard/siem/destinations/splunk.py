"""Splunk's HTTP Event Collector, with indexer acknowledgement where the token has it.

https://docs.splunk.com/Documentation/Splunk/latest/Data/HTTPEventCollector
"""

import json
import time
import uuid
from collections.abc import Callable, Sequence

from pydantic import Field

from appguard.kernel.event import RetentionClass
from appguard.kernel.outgoing import OK
from appguard.kernel.settings import Settings
from appguard.secrets.provider import provider
from appguard.siem.credentials import HecToken, credentials
from appguard.siem.errors import Away, Indigestible, Refused
from appguard.siem.halving import halving
from appguard.siem.http import Endpoint, usual
from appguard.siem.model import DestinationName, Limits, Message, Outcome

EVENTS, ACKS = "/services/collector/event", "/services/collector/ack"
OF_ITS_CONTENT = {6, 12, 13, 15}
"""Invalid data format; no event; an empty event; indexed fields that cannot be handled."""
LOOKS = (0.5, 1.0, 2.0, 4.0, *[8.0] * 14)
"""Pauses between looks for an acknowledgement, two minutes in all: again too soon would be twice."""


class SplunkSettings(Settings):
    """A collector."""

    url: str = Field(alias="SIEM_SPLUNK_URL")


class SplunkHec:
    """One token of one collector."""

    limits = Limits(entries=500, bytes=900_000)
    """A collector takes 1 MB in one request unless told otherwise."""

    def __init__(self, endpoint: Endpoint, sleep: Callable[[float], None] = time.sleep) -> None:
        """A collector with acknowledgement wants to know senders apart: by a channel of their own."""
        self._endpoint, self._sleep = endpoint, sleep
        self._channel = {"x-splunk-request-channel": str(uuid.uuid4())}

    def send(self, log: RetentionClass, start: int, messages: Sequence[Message]) -> Outcome:
        """Deliver; an event that spoils its request is found by halving, and rejected."""
        return halving(self._send, messages)

    def _send(self, messages: Sequence[Message]) -> Outcome:
        body = b"\n".join(envelope(one) for one in messages)
        reply = usual(self._endpoint.post(EVENTS, body, self._channel))
        said = reply.body if isinstance(reply.body, dict) else {}
        if reply.status != OK:
            if said.get("code") in OF_ITS_CONTENT:
                raise Indigestible(f"hec_{said['code']}")
            raise Refused(f"the collector refuses requests (code {said.get('code')!s:.8})")
        if said.get("code") != 0:
            raise Away("the collector's answer is not one of success")
        if (ack := said.get("ackId")) is not None:
            self._acknowledged(ack)
        return Outcome()

    def _acknowledged(self, ack: object) -> None:
        """Wait until the indexers have it; raises `Away` when they take too long to say so."""
        body = json.dumps({"acks": [ack]}).encode()
        for pause in LOOKS:
            reply = usual(self._endpoint.post(ACKS, body, self._channel))
            acks = reply.body.get("acks") if isinstance(reply.body, dict) else None
            if isinstance(acks, dict) and acks.get(str(ack)) is True:
                return
            self._sleep(pause)
        raise Away("the indexers have not acknowledged in time")


def envelope(one: Message) -> bytes:
    """What HEC wants around an event. `event_id` is an indexed field, to find repetitions by."""
    around = {
        "time": round(one.at.timestamp(), 3),
        "source": "appguard",
        "sourcetype": "appguard:ocsf",
        "fields": {"event_id": one.event_id},
    }
    return b'%b,"event":%b}' % (json.dumps(around).encode()[:-1], one.text)


def destination() -> SplunkHec:
    """The deployment's collector, with its token as it is now."""
    secret = credentials(provider(), DestinationName.SPLUNK, HecToken)
    headers = {"authorization": f"Splunk {secret.token.get_secret_value()}"}
    return SplunkHec(Endpoint(SplunkSettings.from_env().url, headers, secret.ca))
