"""From the outbox's stream to the ledger's queue and the event bus; at least once, in any order."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appguard.audit.admission import Rejected, admit
from appguard.audit.outbox import ROW

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_sqs import SQSClient

SOURCE = "appguard"
CALL = 10  # both services take ten in one call


@dataclass(frozen=True)
class Delivery:
    """One new row of the outbox, as the stream delivered it."""

    sequence_number: str
    name: str
    body: str


def message(name: str) -> str:
    """What the queue carries of a row: the body stays in the outbox, where nobody can forge it."""
    return json.dumps({"event_id": name})


def deliveries(stream: Mapping[str, Any]) -> Iterator[Delivery]:
    """The rows a DynamoDB stream event brings; changes of rows are none of our business."""
    for record in stream["Records"]:
        image = record["dynamodb"].get("NewImage", {})
        if record["eventName"] == "INSERT" and image.get("sk") == {"S": ROW}:
            yield Delivery(
                record["dynamodb"]["SequenceNumber"], image["pk"]["S"], image.get("body", {}).get("S", "")
            )


class Relay:
    """Sends new events on."""

    def __init__(self, sqs: "SQSClient", queue_url: str, events: "EventBridgeClient", bus: str) -> None:
        """The queue feeds the ledger, the bus everybody else."""
        self._sqs = sqs
        self._queue_url = queue_url
        self._events = events
        self._bus = bus

    def send(self, batch: Sequence[Delivery]) -> list[str]:
        """Send each to both; returns the sequence numbers of those that did not get through."""
        failed: list[str] = []
        for at in range(0, len(batch), CALL):
            some = batch[at : at + CALL]
            unsent = self._to_queue(some) | self._to_bus(some)
            failed += [some[position].sequence_number for position in sorted(unsent)]
        return failed

    def _to_queue(self, some: Sequence[Delivery]) -> set[int]:
        answer = self._sqs.send_message_batch(
            QueueUrl=self._queue_url,
            Entries=[{"Id": str(n), "MessageBody": message(one.name)} for n, one in enumerate(some)],
        )
        return {int(failure["Id"]) for failure in answer.get("Failed", ())}

    def _to_bus(self, some: Sequence[Delivery]) -> set[int]:
        """What can never be an entry is no news either; the sequencer says what becomes of it."""
        told = {n: detail for n, one in enumerate(some) if (detail := self._detail(one))}
        if not told:
            return set()
        answer = self._events.put_events(Entries=list(told.values()))
        return {n for n, entry in zip(told, answer["Entries"], strict=True) if "ErrorCode" in entry}

    def _detail(self, one: Delivery) -> "PutEventsRequestEntryTypeDef | None":
        try:
            event = admit(one.name, one.body.encode())
        except Rejected:
            return None
        return {"Source": SOURCE, "DetailType": event.action, "Detail": one.body, "EventBusName": self._bus}
