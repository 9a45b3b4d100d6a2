"""OpenSearch, or what else speaks its `_bulk`: every event is created once under its own id.

https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from appguard.kernel.event import RetentionClass
from appguard.kernel.outgoing import OK
from appguard.kernel.settings import Settings
from appguard.secrets.provider import provider
from appguard.siem.credentials import BasicLogin, credentials
from appguard.siem.errors import Away, Refused
from appguard.siem.halving import halving
from appguard.siem.http import Endpoint, usual
from appguard.siem.model import DestinationName, Limits, Message, Outcome, Rejection

BULK = "/_bulk?filter_path=items.create._id,items.create.status,items.create.error.type"
NDJSON = {"content-type": "application/x-ndjson"}
CREATED, BAD, THERE_ALREADY = 201, 400, 409


class OpenSearchSettings(Settings):
    """A cluster and an index, alias or data stream of it."""

    url: str = Field(alias="SIEM_OPENSEARCH_URL")
    index: str = Field(alias="SIEM_OPENSEARCH_INDEX", pattern=r"^[a-z0-9][a-z0-9._-]*$")


class OpenSearch:
    """One index of one cluster."""

    limits = Limits(entries=500, bytes=4_000_000)

    def __init__(self, endpoint: Endpoint, index: str) -> None:
        """`index` may be an alias or a data stream."""
        self._endpoint, self._index = endpoint, index

    def send(self, log: RetentionClass, start: int, messages: Sequence[Message]) -> Outcome:
        """Deliver; each item has an answer of its own."""
        return halving(self._send, messages)

    def _send(self, messages: Sequence[Message]) -> Outcome:
        body = b"".join(self._create(one) for one in messages)
        reply = usual(self._endpoint.post(BULK, body, NDJSON))
        if reply.status != OK:
            raise Refused("the cluster cannot read bulk requests")
        return outcome(messages, reply.body, reply.retry_after)

    def _create(self, one: Message) -> bytes:
        action = {"create": {"_index": self._index, "_id": one.event_id}}
        return json.dumps(action).encode() + b"\n" + one.text + b"\n"


def outcome(messages: Sequence[Message], answer: Any, asked: float | None) -> Outcome:
    """What became of each; raises `Away` for an answer that does not speak of all of them in order."""
    try:
        items = [one["create"] for one in answer["items"]]
        told = [(str(item["_id"]), int(item["status"]), _type(item)) for item in items]
    except (KeyError, TypeError, ValueError):
        raise Away("the cluster's answer is not that of a bulk request") from None
    if [event_id for event_id, _, _ in told] != [one.event_id for one in messages]:
        raise Away("the cluster's answer is about other events")
    rejected = [
        Rejection(one.index, one.event_id, kind, one.action)
        for one, (_, status, kind) in zip(messages, told, strict=True)
        if status == BAD
    ]
    settled = {OK, CREATED, THERE_ALREADY, BAD}
    again = [one for one, (_, status, _) in zip(messages, told, strict=True) if status not in settled]
    return Outcome(rejected, again, asked)


def _type(item: Any) -> str:
    error = item.get("error")
    return f"{error.get('type', 'unknown'):.64}" if isinstance(error, dict) else "unknown"


def destination() -> OpenSearch:
    """The deployment's cluster, with its login as it is now."""
    settings = OpenSearchSettings.from_env()
    secret = credentials(provider(), DestinationName.OPENSEARCH, BasicLogin)
    login = b64encode(f"{secret.user}:{secret.password.get_secret_value()}".encode()).decode()
    endpoint = Endpoint(settings.url, {"authorization": f"Basic {login}"}, secret.ca)
    return OpenSearch(endpoint, settings.index)
